import { contentHash } from '#evidence';

/** What evidence commits to of a record that has reached its recipient: everything but the person. */
export interface DeliveredContent {
  nomorRegister: string;
  namaUsaha: string;
  jenisUsaha: string;
  kbli: { kode: string; versi: string } | null;
  /** YYYY-MM-DD */
  tanggal: string;
  receipt: 'SUCCESS' | 'ALREADY_SENT' | 'MEDIA';
  verificationId: string;
}

/** SHA-256(salt || RFC 8785 of the content), 32 bytes; `salt` is the record's own. */
export function deliveredHash(salt: Uint8Array, content: DeliveredContent): Buffer {
  const { nomorRegister, namaUsaha, jenisUsaha, kbli, tanggal, receipt, verificationId } = content;
  const said = {
    nomorRegister,
    namaUsaha,
    jenisUsaha,
    kbli: kbli && { kode: kbli.kode, versi: kbli.versi },
    tanggal,
    receipt,
    verificationId,
  };
  return Buffer.from(contentHash(salt, said));
}
