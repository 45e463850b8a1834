import type { ReportContent, ReportState } from '#contracts';
import { dayText, numberText, percentText, Sheet, timeText } from '#paper';
import { officeHolder } from '../office-holder.js';
import { sealText } from '../seal.js';
import type { ReportTable } from '../tables/table.js';
import { reportTables } from '../tables/report-tables.js';
import { correctionText, markOf, periodText, titleOf } from '../titles.js';
import { paperColumns, paperRow } from './paper-cells.js';
import { daysChart, monthsChart, outcomesChart } from './report-charts.js';

export interface ReportPaper {
  content: ReportContent;
  contentHash: string;
  state: ReportState;
}

/**
 * The report on paper (O-20): what the Camat signs. PDF, A4, Indonesian; the same report gives the same bytes.
 * @param options.compress false for tests, so that the text can be read in the file
 */
export async function renderReportPdf(
  paper: ReportPaper,
  { compress = true }: { compress?: boolean } = {},
): Promise<Buffer> {
  const { content, state } = paper;
  const { institution } = content;
  const mark = markOf(state);
  const title = `${titleOf(content)} ${periodText(content.period)}`;
  const info = { title, author: institution.name, createdAt: new Date(content.asOf.at) };
  const sheet = new Sheet(info, compress, mark === undefined ? {} : { mark });
  opening(sheet, content, mark);
  figures(sheet, content);
  narrative(sheet, content);
  howToCheck(sheet, paper);
  signature(sheet, content);
  const status = mark === undefined ? '' : `${mark} - `;
  return sheet.finish(`${status}Laporan ${periodText(content.period)}, ${institution.name}`);
}

function opening(sheet: Sheet, content: ReportContent, mark: string | undefined): void {
  const { institution, asOf, period } = content;
  sheet.letterhead(institution.name.toUpperCase(), [
    `Kode wilayah ${institution.regionCode}`,
    ...(institution.address === null ? [] : [institution.address]),
  ]);
  sheet.heading(titleOf(content).toUpperCase());
  sheet.heading(periodText(period).toUpperCase());
  const correction = correctionText(content);
  if (correction !== null) sheet.centred(correction);
  if (mark === 'DRAF') sheet.centred('DRAF - belum disetujui Camat');
  if (mark === 'BATAL') sheet.centred('Draf ini dibatalkan dan tidak berlaku');
  sheet.space(10);
  sheet.paragraph(
    `Laporan ini memuat pemanfaatan hak akses data kependudukan oleh ${institution.name} dari tanggal ` +
      `${dayText(period.from)} sampai dengan tanggal ${dayText(period.until)}, sebagaimana diwajibkan oleh Perjanjian Kerja ` +
      `Sama Pasal 9 ayat (1). Angkanya dihitung pada ${timeText(new Date(asOf.at))}.`,
  );
  sheet.space(4);
  keyFigures(sheet, content);
}

function keyFigures(sheet: Sheet, { figures: { lookUps, quota, readers, dataBalikan } }: ReportContent): void {
  const { total } = dataBalikan.coverage;
  sheet.keyFigures([
    { value: numberText(lookUps.total.hits), caption: 'hit data kependudukan' },
    { value: percentText(quota.used, quota.granted), caption: 'kuota terpakai' },
    { value: numberText(readers.reads), caption: 'pembacaan KTP-el' },
    { value: percentText(total.sent, total.lookUps), caption: 'kewajiban data balikan terkirim' },
  ]);
}

function figures(sheet: Sheet, content: ReportContent): void {
  const tables = reportTables(content);
  const [byMonth, ...lookUps] = tables.lookUps;
  sheet.section('A. Perjanjian');
  drawAll(sheet, tables.agreement);
  sheet.section('B. Akses data kependudukan');
  if (content.figures.lookUps.total.hits > 0) sheet.columnChart(monthsChart(content));
  drawAll(sheet, [byMonth!]);
  if (content.figures.lookUps.total.requests > 0) sheet.barChart(outcomesChart(content));
  drawAll(sheet, lookUps);
  sheet.section('C. Kuota');
  if (content.figures.lookUps.total.hits > 0) sheet.columnChart(daysChart(content));
  drawAll(sheet, tables.quota);
  sheet.section('D. Alat baca KTP-el');
  drawAll(sheet, tables.readers);
  sheet.section('E. Data balikan');
  drawAll(sheet, tables.dataBalikan);
  sheet.section('F. Petugas dan pernyataan');
  drawAll(sheet, tables.people);
  sheet.section('G. Gangguan dan pemutusan akses');
  drawAll(sheet, tables.incidents);
}

/** Empty ones are said to be empty in one line. */
function drawAll(sheet: Sheet, tables: readonly ReportTable[]): void {
  for (const table of tables.filter(({ onlyInFiles }) => !onlyInFiles)) {
    const { title, columns, rows, total } = table;
    if (rows.length === 0) sheet.note(title, 'tidak ada.');
    else
      sheet.figures(
        title,
        paperColumns(columns),
        rows.map((row) => paperRow(row, table)),
        total && paperRow(total, table).map((text) => (text === '-' ? '' : text)),
      );
  }
}

function narrative(sheet: Sheet, { narrative: { obstacles, followUp } }: ReportContent): void {
  for (const [title, text] of [
    ['H. Hambatan', obstacles],
    ['I. Tindak lanjut', followUp],
  ] as const) {
    sheet.section(title);
    const paragraphs = text.split(/\n+/).filter((part) => part.trim() !== '');
    for (const part of paragraphs.length === 0 ? ['Tidak ada.'] : paragraphs) sheet.paragraph(part);
  }
}

function howToCheck(sheet: Sheet, { content, contentHash }: ReportPaper): void {
  const checkpoint = content.asOf.checkpoints.at(-1)!;
  sheet.section('J. Cara menghitung dan memeriksa');
  sheet.paragraph(
    'Setiap angka akses, pembacaan, data balikan dan gangguan dihitung dari catatan bukti yang tidak dapat diubah, sampai dengan checkpoint di ' +
      'bawah ini; petugas, perangkat dan perjanjian menurut daftar kantor. Siapa pun dapat memeriksanya tanpa memercayai kantor ini: berkas ' +
      'pemeriksaan (kit) laporan ini memuat catatan bukti dan program pemeriksa yang menghitung ulang semua angka dan membandingkan ' +
      'hash laporan dengan yang tertulis di sini.',
  );
  sheet.qrBeside(sealText(content, contentHash), {
    millimetres: 38,
    lines: [
      `Laporan: ${content.id}, versi ${content.version}`,
      `Hash SHA-256: ${contentHash}`,
      `Catatan bukti: ${checkpoint.origin}`,
      `Checkpoint: ${numberText(checkpoint.size)} catatan, akar ${checkpoint.root}`,
    ],
  });
}

function signature(sheet: Sheet, content: ReportContent): void {
  const camat = officeHolder(content);
  const dots = '.'.repeat(44);
  sheet.signatures('Demikian laporan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.', [
    { office: [], name: [] },
    {
      office: [`${'.'.repeat(24)}, ${'.'.repeat(28)}`, 'CAMAT', content.institution.name],
      name: [camat?.name ?? `(${dots})`, `NIP ${camat?.nip ?? dots}`],
    },
  ]);
}
