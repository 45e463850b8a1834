import { ReadFailure, type CardReader, type FailedOutcome } from '../port.js';
import type { Finding } from './layers.js';

const withinMs = 30_000;

const advice: Record<FailedOutcome, string> = {
  NOT_MATCHED: 'Kartu terbaca, sidik jari tidak cocok. Coba jari lain yang direkam, atau kartu lain.',
  CARD_REMOVED: 'Kartu terangkat sebelum selesai. Letakkan lagi dan jangan digerakkan.',
  CARD_UNKNOWN: 'Kartu ini bukan KTP-el. Coba dengan KTP-el.',
  CARD_UNREADABLE: 'Kartu tidak terbaca. Bersihkan kartu, letakkan di tengah alat, atau coba kartu lain.',
  CARD_TIMEOUT: 'Tidak ada kartu. Ulangi, lalu letakkan KTP-el di alat.',
  FINGER_TIMEOUT: 'Tidak ada jari. Ulangi, lalu letakkan jari di pemindai.',
  CANCELLED: 'Waktu habis sebelum kartu diletakkan. Ulangi, lalu letakkan KTP-el di alat.',
  READER_FAULT: 'Alat baca bermasalah. Cabut lalu colokkan lagi alatnya, kemudian ulangi.',
  SAM_FAULT: 'KTP-el terbaca di bagian umum. Isi chip memerlukan SAM dan program penjual (SDK): pasang SDK-nya.',
  AGENT_LOST: 'Program terhenti. Ulangi; bila tetap, kirim log ke admin.',
};

/** One card through the whole device; what it says is forgotten at once. */
export async function tryCard(reader: CardReader, say: (text: string) => void): Promise<Finding> {
  say('Letakkan satu KTP-el di alat baca (30 detik)...');
  try {
    const signal = AbortSignal.timeout(withinMs);
    await reader.read({ elements: [], mostTries: 1, signal, onProgress: () => undefined });
    return { layer: 'kartu', good: true, text: 'Kartu dan sidik jari terbaca.' };
  } catch (thrown) {
    const outcome = thrown instanceof ReadFailure ? thrown.outcome : 'READER_FAULT';
    // without the vendor's program this is as far as a card can be read
    return { layer: 'kartu', good: outcome === 'SAM_FAULT' && reader.adapter === 'pcsc', text: advice[outcome] };
  }
}
