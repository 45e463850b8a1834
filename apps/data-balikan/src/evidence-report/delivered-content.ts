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

/** Exactly what is hashed, whatever else the given one carries. */
export function deliveredContent(given: DeliveredContent): DeliveredContent {
  const { nomorRegister, namaUsaha, jenisUsaha, kbli, tanggal, receipt, verificationId } = given;
  return {
    nomorRegister,
    namaUsaha,
    jenisUsaha,
    kbli: kbli && { kode: kbli.kode, versi: kbli.versi },
    tanggal,
    receipt,
    verificationId,
  };
}

/** SHA-256(salt || RFC 8785 of the content), 32 bytes; `salt` is the record's own. */
export const deliveredHash = (salt: Uint8Array, content: DeliveredContent): Buffer =>
  Buffer.from(contentHash(salt, deliveredContent(content)));
