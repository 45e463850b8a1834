export type Language = 'id' | 'en';

/** What the types of events are called. */
export const typeNames: Record<Language, Record<string, string>> = {
  id: {
    REQUESTED: 'Permintaan pemeriksaan',
    ANSWERED: 'Jawaban pemeriksaan',
    REFUSED: 'Penolakan',
    ADMINISTRATION: 'Tindakan administrasi',
    PERSON_TRAIL: 'Permintaan riwayat oleh warga',
    DATA_BALIKAN: 'Data balikan',
    READER_READ: 'Pembacaan KTP-el',
    REPORT: 'Langkah laporan semester',
    UPSTREAM: 'Keadaan jalur ke pusat',
    GAP: 'Pernyataan celah',
    UNKNOWN: 'Tidak dikenal',
  },
  en: {
    REQUESTED: 'Look-ups requested',
    ANSWERED: 'Look-ups answered',
    REFUSED: 'Refusals',
    ADMINISTRATION: 'Acts of administration',
    PERSON_TRAIL: 'Trails given to a person',
    DATA_BALIKAN: 'Data balikan',
    READER_READ: 'Cards read',
    REPORT: 'Steps of a report',
    UPSTREAM: 'State of the way to the ministry',
    GAP: 'Statements of a gap',
    UNKNOWN: 'Unknown',
  },
};

const locales = { id: 'id-ID', en: 'en-GB' } as const;

export function numberInWords(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(value);
}

/** A moment by the clock of western Indonesia (WIB); the text itself when it is none. */
export function momentInWords(at: string | number | null, language: Language): string {
  if (at === null) return '-';
  // no engine reads more than three decimals everywhere
  const date = typeof at === 'number' ? new Date(at * 1000) : new Date(at.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  if (Number.isNaN(date.getTime())) return String(at);
  const form = { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Jakarta' } as const;
  return `${new Intl.DateTimeFormat(locales[language], form).format(date)} WIB`;
}
