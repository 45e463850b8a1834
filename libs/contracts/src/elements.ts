import { z } from 'zod';

/** The nine elements that the agreement lets a kecamatan use, and no other (O-01), in the order of PKS 3(1)a. */
export const elementNames = [
  'noKk',
  'nik',
  'namaLengkap',
  'jenisKelamin',
  'tempatLahir',
  'tanggalLahir',
  'jenisPekerjaan',
  'statusPerkawinan',
  'alamat',
] as const;

export const ElementName = z.enum(elementNames).meta({ id: 'ElementName' });
export type ElementName = z.infer<typeof ElementName>;

/** What the register says of a person; only granted and requested elements are present, `null` where the register has none. */
export const PersonElements = z
  .strictObject({
    noKk: z.string().nullable().meta({ description: 'Nomor Kartu Keluarga, 16 digits' }),
    nik: z.string().nullable().meta({ description: 'NIK, 16 digits' }),
    namaLengkap: z.string().nullable(),
    jenisKelamin: z.string().nullable(),
    tempatLahir: z.string().nullable(),
    tanggalLahir: z.string().nullable().meta({ description: 'YYYY-MM-DD' }),
    jenisPekerjaan: z.string().nullable(),
    statusPerkawinan: z.string().nullable(),
    alamat: z
      .string()
      .nullable()
      .meta({ description: 'One line: street, RT/RW, desa, kecamatan, kabupaten, provinsi' }),
  })
  .partial()
  .meta({ id: 'PersonElements' });
export type PersonElements = z.infer<typeof PersonElements>;

/** What a chip holds of the nine: no Nomor KK (DOMAIN 5). */
export const cardElementNames = elementNames.filter((name): name is Exclude<ElementName, 'noKk'> => name !== 'noKk');

/** Keeps the order of {@link elementNames}, so that lists of elements compare and read the same everywhere. */
export function inElementOrder(names: Iterable<ElementName>): ElementName[] {
  const wanted = new Set(names);
  return elementNames.filter((name) => wanted.has(name));
}
