import type { ReportContent, ReportState } from '#contracts';
import { dayOf, dayText, timeText } from '#paper';
import { allTables } from '../tables/report-tables.js';
import { correctionText, markOf, periodText, titleOf } from '../titles.js';
import { coverXml, tableXml } from './sheet-xml.js';
import { stylesXml } from './styles.js';
import { escapeXml, xmlHead } from './xml.js';
import { zipOf } from './zip.js';

const packages = 'http://schemas.openxmlformats.org/package/2006';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

interface WrittenSheet {
  name: string;
  xml: string;
}

/** A workbook with a cover, the texts and one sheet for each table; numbers and dates are real ones, nothing is a formula. */
export function renderXlsx({
  content,
  contentHash,
  state,
}: {
  content: ReportContent;
  contentHash: string;
  state: ReportState;
}): Buffer {
  const sheets = [
    { name: 'laporan', xml: cover(content, contentHash, state) },
    ...allTables(content).map((table) => ({ name: table.id, xml: tableXml(table) })),
    {
      name: 'uraian',
      xml: coverXml('Hambatan dan tindak lanjut', [
        ['Hambatan', content.narrative.obstacles],
        ['Tindak lanjut', content.narrative.followUp],
      ]),
    },
  ];
  return zipOf(partsOf(sheets), dayOf(new Date(content.asOf.at)));
}

function cover(content: ReportContent, contentHash: string, state: ReportState): string {
  const { institution, period, asOf } = content;
  const { origin, size, root } = asOf.checkpoints.at(-1)!;
  const mark = markOf(state);
  const correction = correctionText(content);
  return coverXml(`${titleOf(content)} ${periodText(period)}`, [
    ['Kantor', institution.name],
    ['Kode wilayah', institution.regionCode],
    ...(institution.address === null ? [] : [['Alamat', institution.address] as const]),
    ['Periode', `${dayText(period.from)} s.d. ${dayText(period.until)}`],
    ['Status', mark === undefined ? 'Disetujui' : mark === 'DRAF' ? 'DRAF - belum disetujui Camat' : 'Dibatalkan'],
    ...(correction === null ? [] : [['Versi', correction] as const]),
    ['Dihitung pada', timeText(new Date(asOf.at))],
    ['Nomor laporan', content.id],
    ['Hash SHA-256', contentHash],
    ['Catatan bukti', origin],
    ['Ukuran checkpoint', size],
    ['Akar checkpoint', root],
  ]);
}

const partOf = (n: number): string => `xl/worksheets/sheet${n + 1}.xml`;

const partsOf = (sheets: readonly WrittenSheet[]): Record<string, string> => ({
  '[Content_Types].xml':
    `${xmlHead}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>` +
    `${sheets.map((_, n) => `<Override PartName="/${partOf(n)}" ContentType="${contentType}.worksheet+xml"/>`).join('')}</Types>`,
  '_rels/.rels': `${xmlHead}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${xmlHead}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets>${sheets
    .map(({ name }, n) => `<sheet name="${escapeXml(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`)
    .join('')}</sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${xmlHead}<Relationships xmlns="${packages}/relationships">${sheets
    .map((_, n) => `<Relationship Id="rId${n + 1}" Type="${office}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`)
    .join('')}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': stylesXml(),
  ...Object.fromEntries(sheets.map(({ xml }, n) => [partOf(n), xml])),
});
