/** A letter as what it says, without how it looks: kinds make it, `docx-file.ts` writes it. Texts are Indonesian. */
export interface Paper {
  head: LetterHead | StatementHead;
  blocks: Block[];
  /** One stands at the right; two side by side, the first at the left. */
  signatures: Signature[];
  /** Tembusan */
  copies: string[];
  annexes: Annex[];
}

export interface LetterHead {
  nature: 'Biasa' | 'Penting' | 'Segera' | 'Rahasia' | 'Sangat Segera';
  /** Lampiran: `-`, `1 (satu) berkas` */
  attachments: string;
  subject: string;
  /** Yth. */
  recipients: string[];
}

/** A statement, a form or minutes: a title in the middle, nobody it is sent to. */
export interface StatementHead {
  title: string;
}

export interface Signature {
  /** Who signs, above the space for it. */
  office: string[];
  /** null: a blank to be written on. */
  name: string | null;
  nip: string | null;
  /** A duty stamp is stuck on it (UU 10/2020). */
  dutyStamp?: boolean;
}

export interface Annex {
  title: string;
  landscape: boolean;
  blocks: Block[];
}

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'items'; items: string[] }
  | { kind: 'rows'; rows: [label: string, value: string][] }
  | { kind: 'table'; columns: Column[]; rows: string[][] }
  | { kind: 'bars'; bars: Bar[] };

export interface Column {
  title: string;
  /** Of the width, beside the shares of the others. */
  share: number;
  right?: boolean;
}

/** One bar of a chart: as long as its value is beside the greatest one. */
export interface Bar {
  label: string;
  value: number;
  /** What is not counted but compared with: drawn in another grey. */
  reference?: boolean;
}

export const text = (words: string): Block => ({ kind: 'text', text: words });
export const heading = (words: string): Block => ({ kind: 'heading', text: words });
export const items = (...words: string[]): Block => ({ kind: 'items', items: words });
export const rows = (...all: [string, string][]): Block => ({ kind: 'rows', rows: all });

/** A blank that somebody fills in by hand. */
export const blank = (letters = 40): string => '.'.repeat(letters);

/** 1234567 is "1.234.567", as Indonesian writes it. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, '.');
