import { AlignmentType, Paragraph, Tab, TabStopType, TextRun, type IParagraphOptions } from 'docx';
import { linesOf, xmlText } from './xml-text.js';

/** Times New Roman is on every office computer, and LibreOffice has one of the same widths. Sizes in half points, lengths in twips. */
export const font = 'Times New Roman';
export const sizes = { body: 24, table: 20, small: 18 } as const;
export const indent = 425;

interface Look {
  bold?: boolean;
  size?: number;
  underline?: boolean;
}

export const run = (text: string, { bold = false, size = sizes.body, underline = false }: Look = {}): TextRun =>
  new TextRun({ text: xmlText(text), bold, size, ...(underline ? { underline: {} } : {}) });

/** A text of several lines: each but the last ends with a break. */
export const runs = (text: string, look: Look = {}): TextRun[] =>
  linesOf(text).map(
    (line, index) =>
      new TextRun({ text: line, bold: look.bold ?? false, size: look.size ?? sizes.body, break: index && 1 }),
  );

export const paragraph = (text: string, options: IParagraphOptions & { look?: Look } = {}): Paragraph => {
  const { look, ...others } = options;
  return new Paragraph({ spacing: { after: 0 }, ...others, children: runs(text, look) });
};

export const centred = (text: string, look: Look = {}): Paragraph =>
  paragraph(text, { alignment: AlignmentType.CENTER, look });

/** Of the body: justified, with a gap behind it. */
export const bodyText = (text: string): Paragraph =>
  paragraph(text, { alignment: AlignmentType.JUSTIFIED, spacing: { after: 120, line: 276 } });

/** `1.<tab>text`, without a list of Word: the numbers are text that can be edited as any other. */
export const item = (mark: string, text: string, look: Look = {}): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.JUSTIFIED,
    spacing: { after: 60, line: 276 },
    indent: { left: indent, hanging: indent },
    tabStops: [{ type: TabStopType.LEFT, position: indent }],
    children: [new TextRun({ children: [mark, new Tab()], size: look.size ?? sizes.body }), ...runs(text, look)],
  });

export const gap = (): Paragraph => paragraph('', { spacing: { after: 60 } });
