import { agreementStateWords, type ReportContent } from '#contracts';
import { balikanTables } from './balikan-tables.js';
import { incidentTables, reportedTable } from './incident-tables.js';
import { lookUpTables } from './look-up-tables.js';
import { agreementTable, peopleTables } from './people-tables.js';
import { quotaTable } from './quota-table.js';
import { readerTables } from './reader-tables.js';
import type { ReportTable } from './table.js';

/** Every table of a report by the part that it stands in, as docs/report-format.md defines the figures. */
export function reportTables(content: ReportContent) {
  const supplement = reportedTable(content);
  return {
    agreement: [agreementTable(content, agreementStateWords), ...(supplement ? [supplement] : [])],
    lookUps: lookUpTables(content),
    quota: [quotaTable(content)],
    readers: readerTables(content),
    dataBalikan: balikanTables(content),
    people: peopleTables(content),
    incidents: incidentTables(content),
  } satisfies Record<string, ReportTable[]>;
}

export const allTables = (content: ReportContent): ReportTable[] => Object.values(reportTables(content)).flat();
