import { type Language } from '#evidence';
import { type FileVerdict } from './file-check.js';

type Fault = Exclude<FileVerdict['kind'], 'BUNDLE' | 'RECEIPT'>;

interface Messages {
  unreadable: string;
  noCheckpoint: string;
  faults: Record<Fault, string>;
}

const usage = `gerbang-verify: memeriksa berkas bukti akses.

  node gerbang-verify.mjs <berkas> [pilihan]

  <berkas>                  berkas bukti (bundle) atau jawaban pemeriksaan bukti (JSON); - untuk masukan standar
  --key <kunci|berkas>      kunci kantor, <asal>+<8 digit>+<base64>; boleh lebih dari satu
  --checkpoint <berkas>     titik periksa yang pernah dilihat; boleh lebih dari satu
  --receipt <berkas>        bukti (JWS) yang disimpan; boleh lebih dari satu
  --json                    hasil sebagai JSON
  --bahasa id|en            bahasa laporan (language of the report)

Kode keluar: 0 utuh, 1 ada masalah, 2 tidak dapat diperiksa.
`;

const id: Messages = {
  unreadable: 'Tidak dapat diperiksa',
  noCheckpoint: 'tidak berisi titik periksa',
  faults: {
    KEY_NEEDED: 'Bukti ini hanya dapat diperiksa dengan kunci kantor: berikan kuncinya.',
    NO_RECEIPT: 'Berkas ini tidak memuat buktinya sendiri (JWS): berikan bukti itu juga.',
    UNKNOWN: 'Ini bukan berkas bukti, dan bukan jawaban pemeriksaan bukti.',
  },
};

const en: Messages = {
  unreadable: 'Cannot be checked',
  noCheckpoint: 'holds no checkpoint',
  faults: {
    KEY_NEEDED: 'This receipt can only be checked with the key of the office: give it.',
    NO_RECEIPT: 'This file does not hold the receipt itself (JWS): give it as well.',
    UNKNOWN: 'This is neither an evidence bundle nor the answer about a receipt.',
  },
};

export const messages: Record<Language, Messages & { usage: string }> = { id: { ...id, usage }, en: { ...en, usage } };
