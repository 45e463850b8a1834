import { errorWords, modeWords, outcomeWords, paten, wordsOf, type LookUpCounts, type ReportContent } from '#contracts';
import { count, partOf, share, text, type ReportTable } from './table.js';

/** Where the log has no service, mode or operator. */
export const notRecorded = 'Tidak tercatat';

const endWords = { ...errorWords, ...outcomeWords };

/** How a look-up ended, in words; null: it has not. */
export const outcomeText = (outcome: string | null): string =>
  outcome === null ? 'Tanpa keterangan hasil' : wordsOf(endWords, outcome);

export const serviceText = (service: string | null): string =>
  service === null ? notRecorded : wordsOf(paten, service);

const countsOf = (counts: LookUpCounts): number[] => [
  counts.requests,
  counts.hits,
  counts.confirmed,
  counts.unknown,
  counts.released,
  counts.pending,
  counts.refused,
];

export function lookUpTables({ figures: { lookUps }, register }: ReportContent): ReportTable[] {
  const { total } = lookUps;
  const people = new Map(register.people.map((person) => [person.id, person]));
  return [
    {
      id: 'akses_bulan',
      title: 'Akses data menurut bulan',
      columns: [
        { title: 'Bulan', kind: 'month', width: 3.2 },
        count('Permintaan', 2.6),
        count('Hit', 1.8),
        count('Dijawab', 2.1),
        count('Tanpa jawaban', 2.2),
        count('Tidak terkirim', 2.2),
        count('Belum selesai', 2.1),
        count('Ditolak', 1.9),
        { title: 'Hari tersibuk', kind: 'day', width: 3 },
        count('Hit hari itu', 1.7),
      ],
      keys: 1,
      rows: lookUps.months.map(({ month, peak, ...counts }) => [
        month,
        ...countsOf(counts),
        peak?.day ?? null,
        peak?.hits ?? null,
      ]),
      total: ['Jumlah', ...countsOf(total), null, null],
    },
    {
      id: 'akses_hari',
      title: 'Akses data menurut hari',
      columns: [{ title: 'Hari', kind: 'day', width: 3 }, count('Hit'), count('Ditolak karena kuota habis')],
      keys: 1,
      rows: lookUps.days.map(({ day, hits, refusedByQuota }) => [day, hits, refusedByQuota]),
      onlyInFiles: true,
    },
    {
      id: 'akses_layanan',
      title: 'Akses data menurut layanan PATEN',
      columns: [text('Layanan', 8), count('Hit'), share(), count('Ditolak')],
      keys: 1,
      rows: lookUps.byService.map(({ service, hits, refused }) => [
        serviceText(service),
        hits,
        partOf(hits, total.hits),
        refused,
      ]),
    },
    {
      id: 'akses_cara',
      title: 'Akses data menurut cara pemeriksaan',
      columns: [text('Cara', 8), count('Hit'), share()],
      keys: 1,
      rows: lookUps.byMode.map(({ mode, hits }) => [
        mode === null ? notRecorded : wordsOf(modeWords, mode),
        hits,
        partOf(hits, total.hits),
      ]),
    },
    {
      id: 'akses_hasil',
      title: 'Hasil permintaan',
      columns: [text('Hasil', 8), count('Permintaan'), share()],
      keys: 1,
      rows: lookUps.byOutcome.map(({ outcome, count: number }) => [
        outcomeText(outcome),
        number,
        partOf(number, total.requests),
      ]),
    },
    {
      id: 'akses_petugas',
      title: 'Akses data menurut petugas',
      columns: [text('User ID lokal', 4), text('Nama', 7), count('Hit'), share(), count('Ditemukan'), count('Ditolak')],
      keys: 2,
      rows: lookUps.byOperator.map(({ operatorId, hits, found, refused }) => {
        const person = operatorId === null ? undefined : people.get(operatorId);
        const names = operatorId === null ? ['-', 'Tanpa petugas'] : [operatorId, 'Tidak ada dalam daftar petugas'];
        const shown = person ? [person.userIdLokal, person.name] : names;
        return [...shown, hits, partOf(hits, total.hits), found, refused];
      }),
    },
    {
      id: 'akses_aplikasi',
      title: 'Akses data menurut aplikasi',
      columns: [text('Aplikasi', 8), count('Hit'), share()],
      keys: 1,
      rows: lookUps.byClient.map(({ clientId, hits }) => [clientId, hits, partOf(hits, total.hits)]),
    },
    {
      id: 'penolakan',
      title: 'Permintaan yang ditolak gerbang sebelum dikirim (tanpa hit)',
      columns: [text('Sebab', 8), text('Kode', 6), count('Jumlah'), share()],
      keys: 2,
      rows: lookUps.refusals.map(({ code, count: number }) => [
        wordsOf(errorWords, code),
        code,
        number,
        partOf(number, total.refused),
      ]),
      total: ['Jumlah', '', total.refused, null],
    },
  ];
}
