import { type Finding } from './findings.js';

// What is said of events. `index` is the number of an event in the log, counted from 0.

export function eventChanged(index: number): Finding {
  return {
    name: 'EVENT_CHANGED',
    index,
    detail: `Event ${index} is not what was recorded: its hash is another one.`,
    pesan: `Isi peristiwa nomor ${index} sudah diubah: sidiknya tidak sama dengan yang tercatat.`,
  };
}

export function hashChanged(index: number): Finding {
  return {
    name: 'HASH_CHANGED',
    index,
    detail: `The hash that is told for event ${index} was changed; the event itself fits the signed history.`,
    pesan: `Sidik yang tertulis untuk peristiwa nomor ${index} diubah; isi peristiwanya sendiri cocok dengan riwayat yang ditandatangani.`,
  };
}

export function eventsRemoved(from: number, to: number): Finding {
  const count = to - from;
  return {
    name: 'EVENT_REMOVED',
    index: from,
    detail: count === 1 ? `Event ${from} is missing.` : `${count} events are missing: ${from} to ${to - 1}.`,
    pesan:
      count === 1 ? `Peristiwa nomor ${from} hilang.` : `${count} peristiwa hilang: nomor ${from} sampai ${to - 1}.`,
  };
}

export function eventsRemovedBetween(count: number, from: number, to: number): Finding {
  return {
    name: 'EVENT_REMOVED',
    index: from,
    detail: `${count} of the events ${from} to ${to - 1} are missing: the signed checkpoint of size ${to} counts more.`,
    pesan: `${count} dari peristiwa nomor ${from} sampai ${to - 1} hilang: titik periksa bertanda tangan dengan ${to} peristiwa menghitung lebih banyak.`,
  };
}

export function eventInserted(index: number): Finding {
  return {
    name: 'EVENT_INSERTED',
    index,
    detail: `Event ${index} is not part of the signed history: it was put in.`,
    pesan: `Peristiwa nomor ${index} bukan bagian dari riwayat yang ditandatangani: peristiwa ini disisipkan.`,
  };
}

export function eventsInsertedBetween(count: number, from: number, to: number): Finding {
  return {
    name: 'EVENT_INSERTED',
    index: from,
    detail: `${count} too many events stand between ${from} and the signed checkpoint of size ${to}.`,
    pesan: `Ada ${count} peristiwa sisipan antara nomor ${from} dan titik periksa bertanda tangan dengan ${to} peristiwa.`,
  };
}

export function eventsInsertedAfter(count: number, to: number): Finding {
  return {
    name: 'EVENT_INSERTED',
    index: to,
    detail: `${count} events follow the last checkpoint, with which the bundle says that it ends (size ${to}).`,
    pesan: `Ada ${count} peristiwa sesudah titik periksa penutup berkas ini (${to} peristiwa).`,
  };
}

export function eventsReordered(index: number): Finding {
  return {
    name: 'EVENTS_REORDERED',
    index,
    detail: `Event ${index} does not stand in its place: the order of the events was changed.`,
    pesan: `Peristiwa nomor ${index} tidak berada di tempatnya: urutan peristiwa diubah.`,
  };
}

export function eventTwice(index: number, id: string): Finding {
  return {
    name: 'EVENT_TWICE',
    index,
    detail: `Event ${index} has the id of an event before it (${id}).`,
    pesan: `Peristiwa nomor ${index} memakai tanda pengenal peristiwa sebelumnya (${id}).`,
  };
}

export function eventBackdated(index: number, seconds: number): Finding {
  return {
    name: 'EVENT_BACKDATED',
    index,
    detail: `Event ${index} is dated ${seconds} seconds before one that was recorded earlier; up to 60 are possible.`,
    pesan: `Peristiwa nomor ${index} bertanggal mundur: ${seconds} detik lebih awal daripada peristiwa yang dicatat sebelumnya (paling banyak 60).`,
  };
}

export function eventPostdated(index: number, seconds: number): Finding {
  return {
    name: 'EVENT_POSTDATED',
    index,
    detail: `Event ${index} is dated ${seconds} seconds after the signature of the checkpoint that covers it.`,
    pesan: `Peristiwa nomor ${index} bertanggal maju: ${seconds} detik sesudah titik periksa yang mencakupnya ditandatangani.`,
  };
}

export function ofAnotherInstitution(index: number, institution: string): Finding {
  return {
    name: 'EVENT_OF_ANOTHER_INSTITUTION',
    index,
    detail: `Event ${index} belongs to institution ${institution}, not to the one whose log this is.`,
    pesan: `Peristiwa nomor ${index} milik instansi lain (${institution}), bukan instansi pemilik catatan ini.`,
  };
}

export function leafUnknown(index: number): Finding {
  return {
    name: 'LEAF_UNKNOWN',
    index,
    detail: `Event ${index} has a form that this program does not know, although its hash is the recorded one.`,
    pesan: `Peristiwa nomor ${index} berbentuk tidak dikenal oleh program ini, walaupun sidiknya sama dengan yang tercatat.`,
  };
}

export function answerWithoutRequest(index: number, verification: string): Finding {
  return {
    name: 'ANSWER_WITHOUT_REQUEST',
    index,
    detail: `Event ${index} answers look-up ${verification}, which nobody had asked for before.`,
    pesan: `Peristiwa nomor ${index} menjawab pemeriksaan ${verification}, padahal tidak ada permintaannya sebelum itu.`,
  };
}

export function requestsUnanswered(count: number): Finding {
  return {
    name: 'REQUESTS_UNANSWERED',
    detail: `${count} look-ups have no answer in this bundle.`,
    pesan: `${count} permintaan pemeriksaan tidak ada jawabannya di berkas ini.`,
  };
}
