import { incidentWords, type ReportContent } from '#contracts';
import { count, text, type ReportTable } from './table.js';

export function incidentTables({ figures, register }: ReportContent): ReportTable[] {
  const { stops } = figures.register;
  return [
    {
      id: 'gangguan',
      title: 'Gangguan pada layanan Dukcapil dan pemutusan akses',
      columns: [text('Kejadian', 8), count('Kali'), { title: 'Lama', kind: 'minutes', width: 4 }],
      keys: 1,
      rows: [
        ...figures.incidents.map(({ kind, count: number, minutes }) => [incidentWords[kind], number, minutes]),
        ['Pemutusan akses darurat', stops.count, stops.minutes],
      ],
    },
    {
      id: 'pemutusan',
      title: 'Pemutusan akses darurat yang tercatat',
      columns: [
        { title: 'Diputus', kind: 'time', width: 5 },
        { title: 'Dibuka kembali', kind: 'time', width: 5 },
      ],
      keys: 1,
      rows: register.stops.map(({ stoppedAt, liftedAt }) => [stoppedAt, liftedAt]),
    },
    {
      id: 'perubahan_pejabat',
      title: 'Perubahan pejabat yang tercatat',
      columns: [{ title: 'Waktu', kind: 'time', width: 5 }, text('Nomor surat', 5)],
      keys: 1,
      rows: register.officeHolderChanges.map(({ at, letterNumber }) => [at, letterNumber ?? 'belum ada surat']),
    },
  ];
}

/** Of a supplement: what the report before had, what there is now, and what came on top. */
export function reportedTable({ figures, reported }: ReportContent): ReportTable | undefined {
  if (!reported) return undefined;
  const { lookUps, readers, dataBalikan } = figures;
  const rows: [string, number, number][] = [
    ['Hit', reported.hits, lookUps.total.hits],
    ['Permintaan ditolak', reported.refused, lookUps.total.refused],
    ['Pembacaan KTP-el', reported.reads, readers.reads],
    ['Data balikan terkirim', reported.delivered, dataBalikan.delivered],
  ];
  return {
    id: 'suplemen',
    title: 'Yang ditambahkan oleh suplemen ini',
    columns: [text('Uraian', 6), count('Sudah dilaporkan', 4), count('Sekarang', 3), count('Tambahan', 3)],
    keys: 1,
    rows: rows.map(([label, before, now]) => [label, before, now, now - before]),
  };
}
