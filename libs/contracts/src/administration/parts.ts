import { z } from 'zod';
import { holdsNik } from '../nik.js';

/** What an uploaded or signed paper is known by: the file itself stays with the office. */
export const DocumentSha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'SHA-256 dokumen: 64 angka heksadesimal huruf kecil.')
  .meta({ description: 'SHA-256 of the scanned document, 64 hex digits' });

export const Networks = z
  .array(z.union([z.cidrv4(), z.cidrv6()], 'Tulis rentang alamat sebagai CIDR, misalnya 10.1.2.0/24.'))
  .min(1, 'Sebutkan sedikitnya satu rentang jaringan.')
  .max(50);

export const LocalId = z
  .string()
  .regex(/^[A-Za-z0-9._@-]{1,80}$/, 'Hanya huruf, angka, titik, garis bawah, @ dan tanda hubung; paling panjang 80.')
  .refine((text) => !holdsNik(text), 'Tidak boleh memuat NIK atau nomor KK.');

/** One line that somebody reads again later; kept for good, so it must not carry a NIK (O-15). */
export const plainText = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'Wajib diisi.')
    .max(most, `Paling panjang ${most} huruf.`)
    .refine((text) => !holdsNik(text), 'Tidak boleh memuat NIK atau nomor KK.');

/** Why something is done; it goes on record with the act. */
export const Reason = plainText(500).meta({ id: 'Reason', description: 'Why; goes on record. Never a NIK' });

export const RegionCode = z
  .string()
  .regex(/^\d{2}\.\d{2}(\.\d{2})?$/, 'Kode wilayah ditulis 33.13 (kabupaten) atau 33.13.04 (kecamatan).');
