import { AppError } from '#service';

/** Why a file is no form that can be filled in; Indonesian, for the admin who uploads it. */
const reasons = {
  NOT_XLSX: 'Berkas ini bukan XLSX. Simpan sebagai "Excel Workbook (.xlsx)".',
  TOO_LARGE: 'Berkas terlalu besar: paling besar 150 KB, dan 20 MB setelah dibuka.',
  DAMAGED: 'Berkas rusak atau ditulis dengan cara yang tidak dikenal. Buka dan simpan lagi dengan Excel.',
  MACROS: 'Berkas memuat makro. Simpan tanpa makro (.xlsx).',
  EXTERNAL_LINKS: 'Berkas mengambil data dari luar (tautan ke berkas lain atau koneksi data). Putuskan tautannya.',
  NO_NAMES:
    'Tidak ada sel bernama yang dapat diisi. Beri nama satu sel (bukan rentang, bukan rumus) untuk setiap angka.',
} as const;

export type TemplateFault = keyof typeof reasons;

export const templateFault = (fault: TemplateFault, cause?: unknown): AppError =>
  new AppError('TEMPLATE_INVALID', { issues: [{ path: 'bytes', message: reasons[fault] }] }, { cause });
