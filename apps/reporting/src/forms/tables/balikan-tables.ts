import { balikanReceiptWords, wordsOf, type ReportContent } from '#contracts';
import { count, listTable, share, partOf, text, type ReportTable } from './table.js';

type Coverage = ReportContent['figures']['dataBalikan']['coverage']['total'];

const methodWords: Record<'WEB_SERVICE' | 'MEDIA', string> = { WEB_SERVICE: 'Layanan web', MEDIA: 'Media luring' };

const countsOf = ({ lookUps, sent, accepted, owed, overdue }: Coverage) => [
  lookUps,
  sent,
  partOf(sent, lookUps),
  accepted,
  owed,
  overdue,
];

export function balikanTables({ figures: { dataBalikan } }: ReportContent): ReportTable[] {
  const { coverage, undelivered, delivered } = dataBalikan;
  const deliveredIn = new Map(dataBalikan.months.map(({ month, delivered: number }) => [month, number]));
  const months = [...new Set([...coverage.months, ...dataBalikan.months].map(({ month }) => month))].sort();
  const none = { lookUps: 0, sent: 0, accepted: 0, owed: 0, overdue: 0 };
  return [
    {
      id: 'balikan_bulan',
      title: 'Data balikan menurut bulan',
      columns: [
        { title: 'Bulan', kind: 'month', width: 3.4 },
        count('Wajib dibalas', 2.4),
        count('Terkirim', 2.2),
        share('Bagian terkirim', 2.2),
        count('Diterima gerbang', 2.4),
        count('Belum ada', 2),
        count('Terlambat', 2.3),
        count('Pengiriman bulan itu', 2.8),
      ],
      keys: 1,
      rows: months.map((month) => [
        month,
        ...countsOf(coverage.months.find((one) => one.month === month) ?? none),
        deliveredIn.get(month) ?? 0,
      ]),
      total: ['Jumlah', ...countsOf(coverage.total), delivered],
    },
    {
      id: 'balikan_cara',
      title: 'Data balikan terkirim menurut cara dan jawaban',
      columns: [text('Cara', 6), text('Jawaban', 6), count('Jumlah'), share()],
      keys: 2,
      rows: dataBalikan.byMethod.map(({ method, receipt, count: number }) => [
        methodWords[method],
        wordsOf(balikanReceiptWords, receipt),
        number,
        partOf(number, delivered),
      ]),
      total: ['Jumlah', '', delivered, null],
    },
    listTable('balikan_belum', 'Data balikan yang diterima gerbang dan belum sampai', [
      ['Menunggu pengiriman', undelivered.waiting, 'pada saat checkpoint'],
      ['Dalam paket media', undelivered.packed, 'belum ada tanda terima'],
      ['Ditolak penerima', undelivered.refused, 'perlu diperbaiki'],
      ['Batas terlambat', coverage.overdueAfterDays, 'hari sejak pemeriksaan NIK'],
    ]),
  ];
}
