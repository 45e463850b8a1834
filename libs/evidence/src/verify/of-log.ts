import { type CheckpointFault } from '../checkpoint.js';
import { type Finding } from './findings.js';

// What is said of the log as a whole: its history, its checkpoints, the bundle, the gap before it.

export function logRewritten(from: number, to: number): Finding {
  const few = to - from === 1;
  return {
    name: 'LOG_REWRITTEN',
    index: from,
    detail: few
      ? `Event ${from} with its hash is not what was signed.`
      : `Something in the events ${from} to ${to - 1} with their hashes is not what was signed, although their number is right.`,
    pesan: few
      ? `Peristiwa nomor ${from} beserta sidiknya tidak sama dengan yang ditandatangani.`
      : `Ada yang ditulis ulang di antara peristiwa nomor ${from} sampai ${to - 1} beserta sidiknya, walaupun jumlahnya benar.`,
  };
}

export function beginningRewritten(from: number): Finding {
  return {
    name: 'LOG_REWRITTEN',
    index: from,
    detail: `What the bundle tells of the ${from} events before it does not fit the checkpoint of that size.`,
    pesan: `Keterangan berkas tentang ${from} peristiwa sebelumnya tidak cocok dengan titik periksa sebanyak itu.`,
  };
}

export function rolledBack(size: number, to: number): Finding {
  return {
    name: 'LOG_ROLLED_BACK',
    index: to,
    detail: `A checkpoint seen earlier has ${size} events, and this bundle, exported later, ends with ${to}: ask for one that reaches ${size}; if there is none, the log was rolled back.`,
    pesan: `Titik periksa yang pernah dilihat memuat ${size} peristiwa, sedangkan berkas yang diekspor kemudian ini berakhir pada ${to}: mintalah berkas yang mencapai ${size}; bila tidak ada, catatan telah dimundurkan.`,
  };
}

export function signedBackwards(size: number, later: number): Finding {
  return {
    name: 'LOG_ROLLED_BACK',
    index: later,
    detail: `A checkpoint of ${later} events was signed after one of ${size} events.`,
    pesan: `Titik periksa dengan ${later} peristiwa ditandatangani sesudah titik periksa dengan ${size} peristiwa.`,
  };
}

export function forked(size: number, what: 'history' | 'checkpoints'): Finding {
  return {
    name: 'LOG_FORKED',
    index: size,
    detail:
      what === 'history'
        ? `A checkpoint of size ${size} that was seen earlier does not fit this history: there are two histories.`
        : `There are two signed checkpoints of size ${size} that contradict each other.`,
    pesan:
      what === 'history'
        ? `Titik periksa dengan ${size} peristiwa yang pernah dilihat tidak cocok dengan riwayat ini: ada dua riwayat.`
        : `Ada dua titik periksa bertanda tangan dengan ${size} peristiwa yang saling bertentangan.`,
  };
}

export function historyNotCompared(from: number): Finding {
  return {
    name: 'HISTORY_NOT_COMPARED',
    index: from,
    detail: `From event ${from} on, the order could not be compared with the checkpoints any more.`,
    pesan: `Mulai peristiwa nomor ${from}, riwayat tidak dapat lagi dibandingkan dengan titik periksa.`,
  };
}

type Of = 'bundle' | 'seen';
const english = { bundle: 'A checkpoint of the bundle', seen: 'A checkpoint that you gave' };
const indonesian = { bundle: 'Titik periksa di dalam berkas', seen: 'Titik periksa yang Anda berikan' };

export function checkpointChanged(of: Of, fault: Exclude<CheckpointFault, 'WRONG_KEY'>, size?: number): Finding {
  const [why, sebab] = {
    MALFORMED: ['cannot be read', 'tidak terbaca'],
    SIGNATURE_INVALID: ['was changed: the signature does not fit the text', 'diubah: tanda tangannya tidak cocok'],
    TIME_MISSING: ['was changed: the signature that binds its time is missing', 'diubah: tanda tangan waktunya hilang'],
  }[fault];
  return {
    name: 'CHECKPOINT_CHANGED',
    ...(size === undefined ? {} : { index: size }),
    detail: `${english[of]} (${sizeInWords(size).english}) ${why}.`,
    pesan: `${indonesian[of]} (${sizeInWords(size).indonesian}) ${sebab}.`,
  };
}

export function checkpointOfAnotherLog(origin: string): Finding {
  return {
    name: 'CHECKPOINT_OF_ANOTHER_LOG',
    detail: `A checkpoint in the bundle is of the log ${origin}.`,
    pesan: `Di dalam berkas ada titik periksa milik catatan lain (${origin}).`,
  };
}

export function wrongKey(of: Of, size?: number): Finding {
  return {
    name: 'WRONG_KEY',
    ...(size === undefined ? {} : { index: size }),
    detail: `${english[of]} (${sizeInWords(size).english}) is signed with another key than the one that is trusted.`,
    pesan: `${indonesian[of]} (${sizeInWords(size).indonesian}) ditandatangani dengan kunci lain, bukan kunci yang dipercaya.`,
  };
}

export function noKey(origin: string): Finding {
  return {
    name: 'WRONG_KEY',
    detail: `None of the trusted keys is one of the log ${origin}.`,
    pesan: `Tidak satu pun kunci yang dipercaya adalah kunci catatan ${origin}.`,
  };
}

export function keyNotPinned(): Finding {
  return {
    name: 'KEY_NOT_PINNED',
    detail: 'The key was taken from the bundle itself: compare it with the one that the office told on paper.',
    pesan: 'Kunci diambil dari berkas ini sendiri: cocokkan dengan kunci yang diberitahukan kantor secara tertulis.',
  };
}

export function checkpointMissing(size: number, where: 'start' | 'end'): Finding {
  return {
    name: 'CHECKPOINT_MISSING',
    index: size,
    detail:
      where === 'start'
        ? `The signed checkpoint of the ${size} events before the bundle is missing.`
        : `No signed checkpoint covers the events from ${size} on.`,
    pesan:
      where === 'start'
        ? `Titik periksa bertanda tangan atas ${size} peristiwa sebelum berkas ini tidak ada.`
        : `Tidak ada titik periksa bertanda tangan yang mencakup peristiwa mulai nomor ${size}.`,
  };
}

export function checkpointsMissing(count: number): Finding {
  return {
    name: 'CHECKPOINT_MISSING',
    detail: `${count} checkpoints fewer than the bundle says.`,
    pesan: `Titik periksa kurang ${count} dari yang disebut di penutup berkas.`,
  };
}

export function truncated(): Finding {
  return {
    name: 'BUNDLE_TRUNCATED',
    detail: 'The bundle breaks off: its closing line is missing.',
    pesan: 'Berkas terpotong: baris penutupnya tidak ada.',
  };
}

/** `line` counts from 1. */
export function malformed(detail: string, pesan: string, line?: number): Finding {
  return {
    name: 'BUNDLE_MALFORMED',
    detail: line === undefined ? detail : `Line ${line}: ${detail}`,
    pesan: line === undefined ? pesan : `Baris ${line}: ${pesan}`,
  };
}

export function seenNotCompared(size: number, why: 'SMALLER' | 'LATER' | 'OTHER_LOG' | 'BROKEN'): Finding {
  const [english, indonesian] = {
    SMALLER: ['it lies before the beginning of this bundle', 'letaknya sebelum awal berkas ini'],
    LATER: ['it was signed after this bundle was exported', 'ditandatangani sesudah berkas ini diekspor'],
    OTHER_LOG: ['it is of another log', 'milik catatan lain'],
    BROKEN: ['the history does not fit before it', 'riwayat sebelum itu sudah tidak cocok'],
  }[why];
  return {
    name: 'SEEN_CHECKPOINT_NOT_COMPARED',
    index: size,
    detail: `The checkpoint of ${size} events that you gave could not be compared: ${english}.`,
    pesan: `Titik periksa dengan ${size} peristiwa yang Anda berikan tidak dapat dibandingkan: ${indonesian}.`,
  };
}

export function sizeInWords(size: number | undefined): { english: string; indonesian: string } {
  if (size === undefined) return { english: 'of unknown size', indonesian: 'jumlahnya tidak terbaca' };
  return { english: `size ${size}`, indonesian: `${size} peristiwa` };
}
