import type { ReportAnswer } from '../reporter.js';
import type { ReaderFault } from '../gate.js';

export interface Finding {
  layer: 'alat baca' | 'SAM' | 'kartu' | 'broker' | 'jam' | 'izin' | 'jurnal';
  good: boolean;
  /** Indonesian: what is so, and when it is not good what to do. */
  text: string;
}

const readerAdvice: Partial<Record<ReaderFault, string>> = {
  NO_DRIVER:
    'Layanan kartu (PC/SC) tidak berjalan. Linux: pasang pcscd lalu "systemctl start pcscd". Windows: nyalakan layanan "Smart Card".',
  NO_READER: 'Alat baca tidak ditemukan. Colokkan kabel USB-nya, coba colokan lain, lalu ulangi.',
  READER_FAULT: 'Alat baca tidak menjawab. Angkat kartu, cabut lalu colokkan lagi alatnya, kemudian ulangi.',
};

export function aboutReader(reader: string | null, faults: readonly ReaderFault[]): Finding[] {
  const fault = faults.find((one) => readerAdvice[one] !== undefined);
  const found: Finding = fault
    ? { layer: 'alat baca', good: false, text: readerAdvice[fault] ?? '' }
    : { layer: 'alat baca', good: true, text: `${reader ?? 'ada'} siap.` };
  if (!faults.includes('NO_VENDOR_SDK')) return [found];
  const text =
    'Program dari penjual alat (SDK) tidak ada atau tidak jalan, sehingga isi chip dan sidik jari belum dapat dibaca. Pasang SDK-nya dan isi bagian "vendor" di agent.json.';
  return [found, { layer: 'alat baca', good: false, text }];
}

export function aboutSam(sam: { present: boolean; serial: string | null }, permitted: string | undefined): Finding {
  if (!sam.present) return bad('SAM', 'SAM tidak ada di slotnya. Masukkan kartu SAM sampai terasa pas, lalu ulangi.');
  if (sam.serial === null)
    return bad(
      'SAM',
      'Nomor seri SAM tidak diketahui. Catat nomor yang tercetak dan ATR-nya di agent.json ("pcsc.sam").',
    );
  if (permitted !== undefined && permitted !== sam.serial)
    return bad(
      'SAM',
      'SAM ini bukan yang terdaftar untuk alat ini. Pasang SAM yang benar, atau minta admin memindahkan pendaftarannya.',
    );
  return { layer: 'SAM', good: true, text: `SAM ${sam.serial} terpasang.` };
}

export function aboutClock(skewMs: number, synced: boolean): Finding {
  if (!synced) return bad('jam', 'Jam belum dapat dibandingkan. Perbaiki dulu lapis "broker", lalu ulangi.');
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  if (minutes < 2) return { layer: 'jam', good: true, text: 'Jam komputer benar.' };
  const way = skewMs > 0 ? 'lebih cepat' : 'lebih lambat';
  return bad(
    'jam',
    `Jam komputer ${minutes} menit ${way}. Setel otomatis dari jaringan (NTP); bila terus salah, ganti baterai papan induk.`,
  );
}

export function aboutPermit(answer: ReportAnswer | undefined, valid: boolean): Finding {
  if (!answer) return bad('izin', 'Izin belum dapat diminta. Perbaiki dulu lapis "broker", lalu ulangi.');
  if (valid) return { layer: 'izin', good: true, text: 'Izin baca berlaku.' };
  if (answer.permit !== null)
    return bad('izin', 'Izin tidak dapat diperiksa. Daftarkan ulang komputer ini dengan "reader-agent join".');
  return bad(
    'izin',
    `Gateway tidak memberi izin (${answer.refusal ?? 'tanpa alasan'}). Tanyakan kode ini ke admin kecamatan.`,
  );
}

export function aboutJournal(journal: { size: number; lost: number; damaged: number }): Finding {
  const kept = `${journal.size} pemeriksaan luring menunggu dikirim`;
  if (journal.lost + journal.damaged === 0) return { layer: 'jurnal', good: true, text: `${kept}.` };
  return bad(
    'jurnal',
    `${kept}; ${journal.lost} tidak tertampung, ${journal.damaged} baris rusak. Sambungkan jaringan, periksa cakram, lalu beri tahu admin.`,
  );
}

export const bad = (layer: Finding['layer'], text: string): Finding => ({ layer, good: false, text });
