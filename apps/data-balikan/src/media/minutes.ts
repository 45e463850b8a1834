/** What the berita acara says of a package beside its numbers; never a person. */
export interface Minutes {
  /** Of the hashes in evidence, 64 hex digits. */
  salt: string;
  fileName: string;
  institutionName: string;
  idLembaga: string;
  namaLembaga: string;
  recipient: 'DITJEN_DUKCAPIL' | 'DISDUKCAPIL';
  /** Public keys (age) that open it. */
  mediaRecipients: string[];
  /** SHA-256 of the Ed25519 public key that signed the manifest, hex. */
  signingKeyId: string;
  /** SHA-256 of the refused registers, hex: whether a receipt that is repeated is the same one. */
  refusedHash?: string;
}
