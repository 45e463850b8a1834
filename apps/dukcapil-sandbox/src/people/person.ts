export type Sex = 'LAKI-LAKI' | 'PEREMPUAN';

/** What the register says about a NIK. Only `FOUND` comes with a record. */
export type Outcome = 'FOUND' | 'DECEASED' | 'DUPLICATE' | 'INACTIVE' | 'NOT_FOUND' | 'UNPROCESSABLE';

export const OUTCOMES: readonly Outcome[] = [
  'FOUND',
  'DECEASED',
  'DUPLICATE',
  'INACTIVE',
  'NOT_FOUND',
  'UNPROCESSABLE',
];

/** Values that a person's record may lack on the wire. */
export type Lackable =
  'noKk' | 'tempatLahir' | 'statusPerkawinan' | 'jenisPekerjaan' | 'alamat' | 'noRt' | 'noRw' | 'dusun';

/** Texts that may carry trailing blanks on the wire. */
export type Paddable = 'namaLengkap' | 'tempatLahir' | 'jenisPekerjaan' | 'alamat' | 'namaKel';

/** How this person's record looks on the wire: each variant is one that was seen in public client code. */
export interface WireStyle {
  readonly date: 'YYYY-MM-DD' | 'DD-MM-YYYY' | 'DD.MM.YYYY';
  readonly statusKey: 'STATUS_KAWIN' | 'STAT_KWN';
  /** `NAMA_PROP, NAMA_KAB, ...` in place of `PROP_NAME, KAB_NAME, ...`. */
  readonly localRegionKeys: boolean;
  /** NIK, NO_KK, RT, RW and region codes as padded texts in place of bare numbers. */
  readonly numbersAsText: boolean;
  readonly trailingBlanks: readonly Paddable[];
  /** How a value that is null here is shown. */
  readonly lackShownAs: 'null' | 'empty' | 'dash' | 'missing';
  /** Whether the fields outside the nine elements are sent along. */
  readonly extras: boolean;
}

/**
 * A synthetic person. The values are canonical, as a correct client presents them: trimmed, padded, ISO dates, null
 * where the wire lacks a value.
 */
export interface Person {
  readonly nik: string;
  readonly outcome: 'FOUND' | 'DECEASED' | 'DUPLICATE' | 'INACTIVE';
  readonly noKk: string | null;
  readonly namaLengkap: string;
  /** A {@link Sex}, but for somebody who was brought in. */
  readonly jenisKelamin: string;
  readonly tempatLahir: string | null;
  readonly tanggalLahir: string;
  readonly statusPerkawinan: string | null;
  readonly jenisPekerjaan: string | null;
  readonly alamat: string | null;
  readonly noRt: string | null;
  readonly noRw: string | null;
  readonly dusun: string | null;
  readonly noProp: string;
  readonly namaProp: string;
  readonly noKab: string;
  readonly namaKab: string;
  readonly noKec: string;
  readonly namaKec: string;
  readonly noKel: string;
  readonly namaKel: string;
  /** Outside the nine elements: no client has a right to use these. */
  readonly extras: {
    readonly agama: string;
    readonly golonganDarah: string;
    readonly pendidikanAkhir: string;
    readonly namaIbu: string;
    readonly ektpStatus: string;
  };
  readonly wire: WireStyle;
}
