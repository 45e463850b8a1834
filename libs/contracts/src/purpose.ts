import { z } from 'zod';
import { holdsNik } from './nik.js';

/** PATEN services that ask for a check of a NIK, with the wording for the counter. */
export const paten = {
  SKU: 'Surat keterangan usaha',
  NIB: 'Bantuan pengurusan NIB',
  DISPENSASI_NIKAH: 'Dispensasi nikah',
  SURAT_PINDAH: 'Surat pindah',
  SKTM: 'Surat keterangan tidak mampu',
  AHLI_WARIS: 'Keterangan ahli waris',
  LEGALISASI: 'Legalisasi',
  IZIN_KERAMAIAN: 'Izin keramaian',
  LAINNYA: 'Pelayanan lain',
} as const;

export const patenServices = Object.keys(paten) as [keyof typeof paten, ...(keyof typeof paten)[]];

export const PatenService = z.enum(patenServices).meta({
  id: 'PatenService',
  description: Object.entries(paten)
    .map(([code, name]) => `${code}: ${name}`)
    .join('; '),
});
export type PatenService = z.infer<typeof PatenService>;

/** The text of the one issue by which the gateway tells PURPOSE_REQUIRED from a purpose that is wrong. */
export const purposeRequired = 'Tujuan pemeriksaan wajib diisi.';

/** Why the look-up is made. The reference is kept as evidence, so it must not carry a NIK (O-15). */
export const Purpose = z
  .strictObject(
    {
      service: PatenService,
      reference: z
        .string()
        .trim()
        .min(1, 'Isi nomor register atau nomor permohonan.')
        .max(80, 'Paling panjang 80 huruf.')
        .refine((text) => !holdsNik(text), 'Nomor register tidak boleh memuat NIK atau nomor KK.')
        .meta({
          description: "The case at the counter, for example the register number '500/001/SKU/I/2026'. Never a NIK.",
        }),
    },
    { error: (issue) => (issue.input === undefined || issue.input === null ? purposeRequired : undefined) },
  )
  .meta({ id: 'Purpose' });
export type Purpose = z.infer<typeof Purpose>;
