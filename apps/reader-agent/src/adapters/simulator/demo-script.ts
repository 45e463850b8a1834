import type { ReadPlan } from './read-plan.js';

/** The demo's counter: a match, a match at the second try, a worn finger, a card taken away too early, a card that is no KTP-el. */
const siti = {
  nik: '3313044107909901',
  namaLengkap: 'SITI CONTOH',
  jenisKelamin: 'PEREMPUAN',
  tempatLahir: 'KARANGANYAR',
  tanggalLahir: '1990-07-01',
  jenisPekerjaan: 'PEDAGANG',
  statusPerkawinan: 'KAWIN',
  alamat: 'JL CONTOH NO 1 RT 006 RW 002, GENENGAN, JUMANTONO, KARANGANYAR, JAWA TENGAH',
};

export const demoReads: ReadPlan[] = [
  { card: siti, fingers: ['match'] },
  { card: siti, fingers: ['no-match', 'match'] },
  { card: siti, fingers: ['no-match'] },
  { card: siti, fingers: ['match'], removeAt: 'HOLD_STILL' },
  { card: 'unknown', fingers: ['match'] },
];
