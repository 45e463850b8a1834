import { elementWords, outcomes, paten, type Outcome, type PersonTrail } from '#contracts';

type Entry = PersonTrail['entries'][number];

const withoutData: Record<Exclude<Outcome, 'FOUND'>, string> = {
  NOT_FOUND: 'Tidak ada data: NIK tidak ditemukan',
  DECEASED: 'Tidak ada data: tercatat meninggal dunia',
  DUPLICATE: 'Tidak ada data: tercatat ganda',
  INACTIVE: 'Tidak ada data: NIK tidak aktif',
  UNPROCESSABLE: 'Tidak ada data: tidak dapat diproses',
};

const isOutcome = (outcome: string): outcome is Outcome => (outcomes as readonly string[]).includes(outcome);

/** What the office got to see, in plain Indonesian; whatever is no answer of the register showed nothing. */
export function outcomeWords({ mode, outcome }: Pick<Entry, 'mode' | 'outcome'>): string {
  if (outcome === null) return 'Belum ada jawaban yang tercatat';
  if (!isOutcome(outcome)) return 'Tidak ada data: layanan Dukcapil tidak menjawab dengan semestinya';
  if (outcome !== 'FOUND') return withoutData[outcome];
  return mode === 'MATCH' ? 'Dicocokkan; data tidak ditampilkan' : 'Data ditampilkan';
}

export const serviceWords = ({ service }: Pick<Entry, 'service'>): string => paten[service];

export const elementsWords = ({ elements }: Pick<Entry, 'elements'>): string =>
  elements.length === 0 ? '-' : elements.map((name) => elementWords[name]).join(', ');

/** `************9901`: enough for the person to see that it is theirs. */
export const maskedNik = (nik: string): string => `${'*'.repeat(12)}${nik.slice(-4)}`;
