import { type Language } from '#evidence';
import { type FileVerdict } from './file-check.js';

type Fault = Exclude<FileVerdict['kind'], 'BUNDLE' | 'RECEIPT' | 'KIT'>;

interface Messages {
  unreadable: string;
  noCheckpoint: string;
  faults: Record<Fault, string>;
}

const usage = `gerbang-verify: memeriksa berkas bukti akses, dan laporan dengan buktinya.

  node gerbang-verify.mjs <berkas> [pilihan]

  <berkas>                  paket laporan (kit, ZIP), berkas bukti (bundle) atau jawaban pemeriksaan bukti (JSON);
                            - untuk masukan standar (bukan paket)
  --key <kunci|berkas>      kunci kantor, <asal>+<8 digit>+<base64>; boleh lebih dari satu
  --checkpoint <berkas>     titik periksa yang pernah dilihat; boleh lebih dari satu
  --receipt <berkas>        bukti (JWS) yang disimpan; boleh lebih dari satu
  --sample <benih>:<n>      dari paket laporan: tarik lagi contoh sebanyak n pemeriksaan dengan benih 32 digit heksadesimal
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
    NO_KIT: 'ZIP ini rusak, atau bukan paket laporan.',
    KIT_STREAMED: 'Paket laporan (ZIP) hanya dapat diperiksa sebagai berkas, bukan dari masukan standar.',
    UNKNOWN: 'Ini bukan berkas bukti, bukan paket laporan, dan bukan jawaban pemeriksaan bukti.',
  },
};

const en: Messages = {
  unreadable: 'Cannot be checked',
  noCheckpoint: 'holds no checkpoint',
  faults: {
    KEY_NEEDED: 'This receipt can only be checked with the key of the office: give it.',
    NO_RECEIPT: 'This file does not hold the receipt itself (JWS): give it as well.',
    NO_KIT: 'This ZIP is damaged, or not the kit of a report.',
    KIT_STREAMED: 'A kit (ZIP) can only be checked as a file, not from standard input.',
    UNKNOWN: 'This is neither an evidence bundle, nor the kit of a report, nor the answer about a receipt.',
  },
};

export const messages: Record<Language, Messages & { usage: string }> = { id: { ...id, usage }, en: { ...en, usage } };
