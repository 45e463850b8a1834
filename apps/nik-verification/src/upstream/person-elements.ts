import type { PersonElements } from '#contracts';

/**
 * Minimisation: of all that the ministry sends, the nine elements of the agreement and nothing else are read here (O-01);
 * the rest (AGAMA, NAMA_LGKP_IBU, ...) goes no further. Numbers arrive as strings of digits.
 */
export function readElements(wire: Record<string, unknown>): Required<PersonElements> {
  const text = (...keys: string[]): string | null => {
    for (const key of keys) {
      const value = wire[key];
      if (typeof value !== 'string') continue;
      const trimmed = value.trim().replace(/\s+/g, ' ');
      if (trimmed !== '' && trimmed !== '-') return trimmed;
    }
    return null;
  };
  return {
    noKk: digits16(text('NO_KK')),
    nik: digits16(text('NIK')),
    namaLengkap: text('NAMA_LGKP'),
    jenisKelamin: text('JENIS_KLMIN'),
    tempatLahir: text('TMPT_LHR'),
    tanggalLahir: isoDate(text('TGL_LHR')),
    jenisPekerjaan: text('JENIS_PKRJN'),
    statusPerkawinan: text('STATUS_KAWIN', 'STAT_KWN'),
    alamat: address(text),
  };
}

/** A bare JSON number has lost its leading zeros. */
function digits16(value: string | null): string | null {
  return value !== null && /^\d{8,16}$/.test(value) ? value.padStart(16, '0') : null;
}

/** `1990-07-01`, `01-07-1990` and `01.07.1990` are seen, sometimes with a time behind. */
function isoDate(value: string | null): string | null {
  if (value === null) return null;
  const iso = /^(\d{4})[-./](\d{2})[-./](\d{2})(?:[T ].*)?$/.exec(value);
  if (iso) return `${iso[1]}-${iso[2]}-${iso[3]}`;
  const local = /^(\d{2})[-./](\d{2})[-./](\d{4})(?:[T ].*)?$/.exec(value);
  return local ? `${local[3]}-${local[2]}-${local[1]}` : null;
}

/** One line, as on the card: street, RT/RW, dusun, then desa to provinsi. */
function address(text: (...keys: string[]) => string | null): string | null {
  const number3 = (value: string | null) => (value !== null && /^\d{1,3}$/.test(value) ? value.padStart(3, '0') : null);
  const rt = number3(text('NO_RT'));
  const rw = number3(text('NO_RW'));
  const dusun = text('DUSUN');
  const street = [text('ALAMAT'), rt && `RT ${rt}`, rw && `RW ${rw}`, dusun && `DUSUN ${dusun}`]
    .filter(Boolean)
    .join(' ');
  const region = [
    text('KEL_NAME', 'NAMA_KEL'),
    text('KEC_NAME', 'NAMA_KEC'),
    text('KAB_NAME', 'NAMA_KAB'),
    text('PROP_NAME', 'NAMA_PROP'),
  ];
  return [street, ...region].filter(Boolean).join(', ') || null;
}
