import { canonicalJson } from '#evidence';
import type { ReportContent, ReportForm, ReportState } from '#contracts';
import { AppError } from '#service';
import { renderCsv } from './csv-form.js';
import { renderReportPdf } from './pdf/report-pdf.js';
import { fillTemplate } from './template/fill-template.js';
import { fileStem } from './titles.js';
import { renderXlsx } from './xlsx/xlsx-form.js';

export interface FormInput {
  content: ReportContent;
  /** SHA-256 of the RFC 8785 form of the content, hex. */
  contentHash: string;
  state: ReportState;
  /** The ministry's own form, and what goes into which of its cells. */
  template?: { bytes: Uint8Array; cells: Readonly<Record<string, string>> };
}

export interface RenderedForm {
  bytes: Buffer;
  fileName: string;
  contentType: string;
}

/** A report in one of its forms; the same report always gives the same bytes. @throws {AppError} TEMPLATE_MISSING, TEMPLATE_INVALID */
export async function renderForm(form: ReportForm, input: FormInput): Promise<RenderedForm> {
  const { bytes, ending, contentType } = await forms[form](input);
  return { bytes, fileName: `${fileStem(input.content)}${ending}`, contentType };
}

type Form = (input: FormInput) => Promise<{ bytes: Buffer; ending: string; contentType: string }>;

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const forms: Record<ReportForm, Form> = {
  PDF: async (input) => ({ bytes: await renderReportPdf(input), ending: '.pdf', contentType: 'application/pdf' }),
  XLSX: async (input) => ({ bytes: renderXlsx(input), ending: '.xlsx', contentType: xlsxType }),
  CSV: async ({ content }) => ({ bytes: renderCsv(content), ending: '.csv', contentType: 'text/csv; charset=utf-8' }),
  // exactly what was hashed, so that sha256sum of the file is the hash on the paper
  JSON: async ({ content }) => ({
    bytes: Buffer.from(canonicalJson(content)),
    ending: '.json',
    contentType: 'application/json',
  }),
  TEMPLATE: async ({ template, ...report }) => {
    if (!template) throw new AppError('TEMPLATE_MISSING');
    const bytes = fillTemplate(template.bytes, template.cells, report);
    return { bytes, ending: '-formulir.xlsx', contentType: xlsxType };
  },
};
