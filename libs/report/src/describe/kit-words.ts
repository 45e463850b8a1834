import { type Language } from '#evidence';
import type { Basis } from '../kit/kit-report.js';

interface KitWords {
  title: string;
  institution: string;
  report: string;
  types: Record<'REPORT' | 'SUPPLEMENT', string>;
  version: (version: number) => string;
  period: string;
  asOf: string;
  asOfIn: (at: string, size: string) => string;
  log: string;
  hash: string;
  approved: string;
  notApproved: string;
  key: string;
  counted: string;
  tables: Record<string, string | undefined>;
  basis: Record<Basis, string>;
  same: (compared: string) => string;
  differ: (differing: string, compared: string) => string;
  particulars: (opened: string) => string;
  registerActs: (proven: string, rows: string) => string;
  declared: string;
  good: string;
  goodUnpinned: string;
  bad: (count: string) => string;
  more: (count: string) => string;
  notices: string;
  sample: (count: string, population: string) => string;
}

export const kitWords: Record<Language, KitWords> = {
  id: {
    title: 'PEMERIKSAAN LAPORAN DAN BUKTINYA',
    institution: 'Instansi',
    report: 'Laporan',
    types: { REPORT: 'Laporan', SUPPLEMENT: 'Laporan susulan' },
    version: (version) => `versi ${version}`,
    period: 'Masa',
    asOf: 'Keadaan per',
    asOfIn: (at, size) => `${at}, ${size} peristiwa`,
    log: 'Catatan',
    hash: 'Sidik isi',
    approved: 'Disetujui',
    notApproved: 'tidak tercatat',
    key: 'Kunci',
    counted: 'Dihitung ulang:',
    tables: {
      'figures.lookUps': 'Pemeriksaan NIK',
      'figures.incidents': 'Gangguan',
      'figures.readers': 'Pembacaan KTP-el',
      'figures.dataBalikan': 'Data balikan',
      'figures.quota': 'Kuota',
      'figures.register': 'Petugas, alat, penghentian',
      reported: 'Yang sudah dilaporkan',
    },
    basis: {
      LOG: 'dari catatan bertanda tangan',
      LOG_AND_PARTICULARS: 'dari catatan dan rinciannya',
      LOG_AND_REGISTER: 'dari catatan dan daftar kantor',
      DECLARED: 'dari daftar kantor saja',
    },
    same: (compared) => `${compared} nilai, semuanya sama`,
    differ: (differing, compared) => `${differing} dari ${compared} nilai BERBEDA`,
    particulars: (opened) => `${opened} rincian dibuka dan cocok dengan sidiknya di dalam catatan.`,
    registerActs: (proven, rows) =>
      `${proven} dari ${rows} NDA, SPTJM, versi perjanjian, alat baca dan SAM di daftar kantor tercatat tindakannya.`,
    declared:
      'Hanya menurut keterangan kantor: data balikan yang belum terkirim, pengecualian di alat baca, penghentian darurat, nama dan jabatan, serta hambatan dan tindak lanjut.',
    good: 'HASIL: COCOK. Semua angka laporan sama dengan catatan.',
    goodUnpinned:
      'HASIL: COCOK, TETAPI KUNCI BELUM DICOCOKKAN. Laporan sama dengan catatan di dalam paket; siapa penanda tangannya baru pasti bila kunci di atas sama dengan kunci yang diberitahukan kantor secara tertulis.',
    bad: (count) => `HASIL: TIDAK COCOK. Ditemukan ${count} masalah.`,
    more: (count) => `dan ${count} lagi`,
    notices: 'Perlu diketahui:',
    sample: (count, population) => `Contoh yang ditarik (${count} dari ${population} pemeriksaan):`,
  },
  en: {
    title: 'CHECK OF A REPORT AND ITS EVIDENCE',
    institution: 'Institution',
    report: 'Report',
    types: { REPORT: 'Report', SUPPLEMENT: 'Supplement' },
    version: (version) => `version ${version}`,
    period: 'Period',
    asOf: 'As of',
    asOfIn: (at, size) => `${at}, ${size} events`,
    log: 'Log',
    hash: 'Content hash',
    approved: 'Approved',
    notApproved: 'not on record',
    key: 'Key',
    counted: 'Counted anew:',
    tables: {
      'figures.lookUps': 'Look-ups',
      'figures.incidents': 'Incidents',
      'figures.readers': 'Reads of cards',
      'figures.dataBalikan': 'Data balikan',
      'figures.quota': 'Quota',
      'figures.register': 'People, devices, stops',
      reported: 'Reported before',
    },
    basis: {
      LOG: 'from the signed log',
      LOG_AND_PARTICULARS: 'from the log and its particulars',
      LOG_AND_REGISTER: 'from the log and the register',
      DECLARED: 'from the register alone',
    },
    same: (compared) => `${compared} values, all the same`,
    differ: (differing, compared) => `${differing} of ${compared} values DIFFER`,
    particulars: (opened) => `${opened} particulars were opened, and are those that the log commits to.`,
    registerActs: (proven, rows) =>
      `${proven} of ${rows} NDAs, SPTJM, versions of agreements, readers and SAMs of the register are acts in the log.`,
    declared:
      'Only as the office declares it: undelivered data balikan, exceptions at readers, emergency stops, names and positions, obstacles and follow-up.',
    good: 'RESULT: IT AGREES. All numbers of the report are those of the log.',
    goodUnpinned:
      'RESULT: IT AGREES, BUT THE KEY WAS NOT COMPARED. The report agrees with the log in the kit; who signed that is certain only if the key above is the one that the office told on paper.',
    bad: (count) => `RESULT: IT DOES NOT AGREE. ${count} findings.`,
    more: (count) => `and ${count} more`,
    notices: 'To be known:',
    sample: (count, population) => `Sample (${count} of ${population} look-ups):`,
  },
};

const months = {
  id: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};

/** "1 Januari 2026" */
export function dayInWords(day: string, language: Language): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date} ${months[language][month! - 1]} ${year}`;
}
