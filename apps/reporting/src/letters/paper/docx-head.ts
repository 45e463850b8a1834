import { AlignmentType, BorderStyle, Paragraph, type Table } from 'docx';
import { dayText } from '#paper';
import { blank, type LetterHead, type Signature, type StatementHead } from './paper.js';
import { centred, gap, paragraph, run, sizes } from './docx-text.js';
import { labelled, layoutTable } from './docx-table.js';

/** What stands at the head of every paper of the office. */
export interface Letterhead {
  /** First line: `Pemerintah Kabupaten …`; null: a blank. */
  government: string | null;
  office: string;
  address: string | null;
  contact: string | null;
  place: string;
  number: string;
  /** `YYYY-MM-DD` */
  on: string;
}

export const headOf = (letterhead: Letterhead): Paragraph[] => {
  const { government, office, address, contact } = letterhead;
  const below = [address, contact].filter((line) => line !== null);
  return [
    centred((government ?? `Pemerintah Kabupaten ${blank(30)}`).toUpperCase(), { bold: true, size: 28 }),
    centred(office.toUpperCase(), { bold: true, size: 32 }),
    ...below.map((line) => centred(line, { size: sizes.table })),
    new Paragraph({
      spacing: { after: 160 },
      border: { bottom: { style: BorderStyle.THICK_THIN_MEDIUM_GAP, size: 18, space: 4, color: '000000' } },
      children: [run('', { size: 8 })],
    }),
  ];
};

/** Place and date, Nomor, Sifat, Lampiran, Hal, Yth. */
export const letterOpening = (head: LetterHead, letterhead: Letterhead, width: number): (Paragraph | Table)[] => {
  const { nature, attachments, subject, recipients } = head;
  return [
    paragraph(dated(letterhead), { alignment: AlignmentType.RIGHT, spacing: { after: 120 } }),
    labelled(Math.floor(width * 0.75), [
      ['Nomor', letterhead.number],
      ['Sifat', nature],
      ['Lampiran', attachments],
      ['Hal', subject],
    ]),
    gap(),
    ...recipients.map((line, n) => paragraph(`${n === 0 ? 'Yth. ' : ''}${line}`)),
    paragraph('di Tempat', { spacing: { after: 160 } }),
  ];
};

export const statementOpening = ({ title }: StatementHead, { number }: Letterhead): Paragraph[] => [
  centred(title.toUpperCase(), { bold: true, size: 26 }),
  paragraph(`Nomor: ${number}`, { alignment: AlignmentType.CENTER, spacing: { after: 200 } }),
];

/** One signature stands at the right, of two the first at the left; place and date stand above the one at the right. */
export function signatureTable(
  signatures: Signature[],
  letterhead: Letterhead,
  isLetter: boolean,
  width: number,
): Table {
  const [left, right] = signatures.length > 1 ? signatures : [undefined, signatures[0]];
  const half = Math.floor(width / 2);
  const date = isLetter ? [] : [dated(letterhead)];
  const empty = isLetter ? [] : [''];
  return layoutTable([half, width - half], [[signed(left, empty), signed(right, date)]]);
}

/** Never torn over two pages: each line keeps the next one with it. */
function signed(signature: Signature | undefined, above: string[]): Paragraph[] {
  if (!signature) return [paragraph('')];
  const { office, name, nip, dutyStamp = false } = signature;
  const space = dutyStamp ? ['', '', 'Meterai', '', ''] : ['', '', '', ''];
  const line = (text: string, look = {}) => paragraph(text, { alignment: AlignmentType.CENTER, keepNext: true, look });
  return [
    ...[...above, ...office].map((text) => line(text)),
    ...space.map((text) => line(text, { size: sizes.small })),
    line(name ?? blank(40), { bold: true }),
    line(`NIP ${nip ?? blank(30)}`),
  ];
}

const dated = ({ place, on }: Letterhead): string => `${place}, ${dayText(on)}`;
