import type { Aim } from '../report/aims.js';
import { median } from '../report/statistics.js';
import type { CsvRound } from './csv-rounds.js';
import type { DeliveryRound } from './delivery-rounds.js';
import type { WorkbookResult } from './workbook-rounds.js';

export interface Measurements {
  csv: { rows: number; rounds: CsvRound[]; peakMb: number | undefined };
  xlsx: { rows: number } & WorkbookResult;
  deliveries: { parallel: number; rounds: DeliveryRound[] }[];
}

const leastRatio = 0.5;
const mostCsvMb = 300;
const mostXlsxMb = 250;

export const csvRatio = ({ service, plain }: CsvRound): number => service.perSecond / plain.perSecond;
export const deliveryRatio = ({ service, plain }: DeliveryRound): number => service / plain;

/** Each by the median of its rounds; what is only told has no verdict. */
export function judgeBalikan({ csv, xlsx, deliveries }: Measurements): Aim[] {
  const ratio = median(csv.rounds.map(csvRatio));
  return [
    {
      what: `CSV of ${csv.rows} rows, service / csv-parse and COPY`,
      aim: `>= ${leastRatio.toFixed(2)}`,
      measured: ratio.toFixed(2),
      met: ratio >= leastRatio,
    },
    judgeMemory(`peak memory of the service, CSV of ${csv.rows} rows`, csv.peakMb, mostCsvMb),
    judgeMemory(`peak memory of the service, XLSX of ${xlsx.rows} rows`, xlsx.peakMb, mostXlsxMb),
    ...deliveries.map(({ parallel, rounds }) => ({
      what: `deliveries, service / bare loop, ${parallel} at once`,
      aim: '-',
      measured: median(rounds.map(deliveryRatio)).toFixed(2),
      met: undefined,
    })),
  ];
}

const judgeMemory = (what: string, mb: number | undefined, most: number): Aim => ({
  what,
  aim: `< ${most} MB`,
  measured: mb === undefined ? 'not measured' : `${mb.toFixed(0)} MB`,
  met: mb === undefined ? undefined : mb < most,
});
