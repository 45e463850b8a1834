import { numberText } from '#paper';
import {
  exceptionDecisionWords,
  exceptionReasonWords,
  readerStateWords,
  readOutcomeWords,
  samStateWords,
  wordsOf,
  type ReportContent,
} from '#contracts';
import { serviceText } from './look-up-tables.js';
import { count, listTable, partOf, share, text, type ReportTable } from './table.js';

export function readerTables({ figures, register }: ReportContent): ReportTable[] {
  const { readers } = figures;
  const known = new Map(register.readers.map((reader) => [reader.id, reader]));
  const ended = readers.reads + readers.offline;
  return [
    listTable('alat_baca', 'Pembacaan KTP-el', [
      ['Pembacaan', readers.reads, 'melalui alat baca yang tersambung'],
      ['Pemeriksaan luring', readers.offline, 'dibuat alat saat jaringan terputus'],
      ['Diikuti pemeriksaan NIK', readers.withLookUp, 'pembacaan yang dilanjutkan ke data kependudukan'],
      ['Unit kerja', figures.register.workUnits.total, 'tempat petugas aktif bekerja'],
      ['Unit kerja dengan alat baca', figures.register.workUnits.withReader, 'alat tidak dicabut dan SAM aktif'],
    ]),
    {
      id: 'alat_baca_hasil',
      title: 'Hasil pembacaan dan pencocokan sidik jari',
      columns: [text('Hasil', 8), count('Jumlah'), share()],
      keys: 1,
      rows: readers.byOutcome.map(({ outcome, count: number }) => [
        wordsOf(readOutcomeWords, outcome),
        number,
        partOf(number, ended),
      ]),
    },
    {
      id: 'alat_baca_percobaan',
      title: 'Percobaan sidik jari yang gagal per pembacaan (cocok atau tidak cocok)',
      columns: [text('Percobaan gagal', 8), count('Pembacaan', 3)],
      keys: 1,
      rows: readers.byTries.map(({ tries, count: number }) => [`${numberText(tries)} kali`, number]),
    },
    {
      id: 'alat_baca_layanan',
      title: 'Pembacaan menurut layanan PATEN',
      columns: [text('Layanan', 8), count('Pembacaan', 3)],
      keys: 1,
      rows: readers.byService.map(({ service, reads }) => [serviceText(service), reads]),
    },
    {
      id: 'alat_baca_unit',
      title: 'Pembacaan menurut alat',
      columns: [
        text('Nomor seri', 4),
        text('Merek dan tipe', 4),
        text('Unit kerja', 4),
        count('Pembacaan', 2.6),
        count('Cocok'),
        count('Diikuti NIK'),
        count('Luring'),
      ],
      keys: 3,
      rows: readers.byReader.map(({ readerId, reads, matched, withLookUp, offline }) => {
        const reader = known.get(readerId);
        const names = reader
          ? [reader.serial, `${reader.brand} ${reader.type}`, reader.workUnit]
          : [readerId, '-', '-'];
        return [...names, reads, matched, withLookUp, offline];
      }),
    },
    {
      id: 'alat_baca_pengecualian',
      title: 'Pengecualian sidik jari',
      columns: [text('Alasan', 6), text('Keputusan', 6), count('Jumlah')],
      keys: 2,
      rows: figures.register.exceptions.map(({ reason, decision, count: number }) => [
        wordsOf(exceptionReasonWords, reason),
        decision === null ? 'Menunggu keputusan' : wordsOf(exceptionDecisionWords, decision),
        number,
      ]),
    },
    {
      id: 'perangkat',
      title: 'Alat baca dan kartu SAM menurut keadaan',
      columns: [text('Perangkat', 6), text('Keadaan', 6), count('Jumlah')],
      keys: 2,
      rows: [
        ...figures.register.readers.map(({ state, count: number }) => [
          'Alat baca',
          wordsOf(readerStateWords, state),
          number,
        ]),
        ...figures.register.sams.map(({ state, count: number }) => [
          'Kartu SAM',
          wordsOf(samStateWords, state),
          number,
        ]),
      ],
    },
  ];
}
