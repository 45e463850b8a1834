import type { Consumer } from '../consumers/consumer.js';

interface Wording {
  /** Generation B. */
  readonly code: string;
  readonly desc: string;
  /** Generation A: the same text as different servers write it. */
  readonly respon: readonly [string, ...string[]];
}

/** Meanings of the answers that are no record. */
const WORDINGS = {
  LOGIN_FAILED: { code: '03', desc: 'Login Gagal', respon: ['Login Gagal', 'LOGIN GAGAL', 'Login gagal.'] },
  IP_MISMATCH: {
    code: '04',
    desc: 'IP Address Tidak Sesuai',
    respon: ['IP Address Tidak Sesuai', 'IP ADDRESS TIDAK SESUAI', 'Ip Address tidak sesuai.'],
  },
  QUOTA_USED_UP: {
    code: '05',
    desc: 'Kuota Akses Hari ini telah Habis',
    respon: [
      'Kuota Akses Hari ini telah Habis',
      'KUOTA AKSES HARI INI TELAH HABIS',
      'Kuota akses hari ini telah habis!',
    ],
  },
  // The wordings of 06, 07, 09 and 15 are ours: no public client shows them.
  OUTSIDE_HOURS: { code: '06', desc: 'Akses Di Luar Jam Layanan', respon: ['Akses Di Luar Jam Layanan'] },
  LOGIN_PARAMETERS_MISSING: { code: '07', desc: 'Parameter Tidak Lengkap', respon: ['Parameter Tidak Lengkap'] },
  UNPROCESSABLE: {
    code: '08',
    desc: 'NIK Tidak Dapat Diproses',
    respon: ['NIK Tidak Dapat Diproses', 'NIK TIDAK DAPAT DIPROSES', 'NIK tidak dapat diproses.'],
  },
  QUERY_PARAMETERS_MISSING: { code: '09', desc: 'Parameter Tidak Lengkap', respon: ['Parameter Tidak Lengkap'] },
  IP_NOT_REGISTERED: {
    code: '10',
    desc: 'IP Client Tidak Terdaftar',
    respon: ['IP Client  Tidak terdaftar', 'IP CLIENT TIDAK TERDAFTAR', 'IP Client tidak terdaftar.'],
  },
  DECEASED: {
    code: '11',
    desc: 'Data Ditemukan, Meninggal Dunia',
    respon: ['Data Ditemukan, Meninggal Dunia', 'DATA DITEMUKAN MENINGGAL DUNIA', 'Data ditemukan, meninggal dunia.'],
  },
  DUPLICATE: {
    code: '12',
    desc: 'Data Ditemukan, Data Ganda',
    respon: ['Data Ganda', 'DATA GANDA', 'Data ganda.'],
  },
  NOT_FOUND: {
    code: '13',
    desc: 'Data Tidak Ditemukan',
    respon: ['Data Tidak Ditemukan', 'DATA TIDAK DITEMUKAN', 'Data tidak ditemukan.'],
  },
  INACTIVE: {
    code: '14',
    desc: 'Data Ditemukan, Data Tidak Aktif',
    respon: ['Data Tidak Aktif', 'DATA TIDAK AKTIF', 'Data tidak aktif.'],
  },
  MALFORMED: {
    code: '15',
    desc: 'Format NIK Tidak Sesuai',
    respon: ['NIK Tidak Dapat Diproses', 'NIK TIDAK DAPAT DIPROSES', 'NIK tidak dapat diproses.'],
  },
} satisfies Record<string, Wording>;

export type Meaning = keyof typeof WORDINGS;

/** Generation A: a text in place of a record. */
export function responRecord(text: string): string {
  return JSON.stringify({ RESPON: text });
}

/** Generation B. A code that comes as a number has lost its leading zero: `3` for `03`. */
export function codeRecord(code: string, desc: string, asNumber: boolean): string {
  const json = asNumber && /^\d+$/.test(code) ? String(Number(code)) : JSON.stringify(code);
  const text = JSON.stringify(desc);
  return `{"RESPONSE_CODE":${json},"RESPONSE_DESC":${text},"RESPONSE":${text}}`;
}

/**
 * The record that says `meaning`. The NIK's last two digits choose the variant, so that the same question is always
 * answered alike: the spelling in generation A; in generation B an odd last digit gives the code as a number.
 */
export function meaningRecord(meaning: Meaning, generation: Consumer['generation'], nik: string): string {
  const wording: Wording = WORDINGS[meaning];
  const choice = Number(nik.slice(-2)) || 0;
  if (generation === 'B') return codeRecord(wording.code, wording.desc, choice % 2 === 1);
  return responRecord(wording.respon[choice % wording.respon.length] ?? wording.respon[0]);
}

/** The wording of a code in generation B, for answers that a fault dictates. */
export function findDescription(code: string): string | undefined {
  if (code === '00' || code === '01') return 'Data Ditemukan';
  if (code === '16') return 'Lembaga Tidak Aktif';
  if (code === '17') return 'User ID Tidak Aktif';
  return Object.values<Wording>(WORDINGS).find((wording) => wording.code === code)?.desc;
}
