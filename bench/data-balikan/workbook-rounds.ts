import { countFile } from './count-file.js';
import { findFileFaults } from './exactness.js';
import { differing } from '../exactness.js';
import type { Installation } from './installation.js';
import { addSlips, sheetRowOf, type BalikanRow } from './rows.js';
import { readMarkedUp, writeWorkbook } from './workbook.js';

/** One row in so many is wrong. */
const slipEvery = 100;

export interface WorkbookRound {
  bytes: number;
  /** From the end of the upload to the commit, every row right. */
  seconds: number;
  /** The same with wrong rows, and until the marked-up copy can be fetched. */
  faultySeconds: number;
  markedSeconds: number;
}

export interface WorkbookResult {
  rounds: WorkbookRound[];
  /** MB: before the first file, after those that are right, at the end. */
  startMb: number | undefined;
  rightMb: number | undefined;
  peakMb: number | undefined;
  faults: string[];
}

/** Workbooks in a process that has done nothing else, so that its memory is theirs. */
export async function playWorkbooks(
  installation: Installation,
  { rows: count, rounds }: { rows: number; rounds: number },
  nextRows: (count: number) => BalikanRow[],
  onRound: (round: WorkbookRound) => void,
): Promise<WorkbookResult> {
  const { database } = installation;
  await database.query('TRUNCATE balikan.record, balikan.batch_chunk, balikan.batch_fault, balikan.batch');
  await installation.restartService();
  const startMb = installation.peakMb;
  let rightMb: number | undefined;
  const played: WorkbookRound[] = [];
  const faults: string[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const right = await writeWorkbook(nextRows(count).map(sheetRowOf));
    const uploaded = await installation.upload(right, 'XLSX', 'ALL_OR_NOTHING');
    const seconds = await installation.untilDone(uploaded.id);
    const name = `workbook of ${count} rows, round ${n + 1}`;
    faults.push(...findFileFaults(name, await countFile(database, uploaded.id, { rows: count, spoilt: 0 })));
    rightMb ??= installation.peakMb;

    const sheetRows = nextRows(count).map(sheetRowOf);
    const spoilt = [...addSlips(sheetRows, slipEvery).values()].reduce((sum, rows) => sum + rows, 0);
    const faulty = await installation.upload(await writeWorkbook(sheetRows), 'XLSX', 'GOOD_ROWS');
    const startedAt = performance.now();
    const faultySeconds = await installation.untilDone(faulty.id);
    const marked = await installation.result(faulty.id);
    const markedSeconds = (performance.now() - startedAt) / 1_000;
    faults.push(...findFileFaults(`${name}, faulty`, await countFile(database, faulty.id, { rows: count, spoilt })));
    const shown = await readMarkedUp(marked);
    faults.push(
      ...differing([
        [`${name}: comments in the marked-up copy`, shown.comments, spoilt],
        [`${name}: rows of its sheet of refused rows`, shown.refused, spoilt],
      ]),
    );
    const round = { bytes: right.length, seconds, faultySeconds, markedSeconds };
    played.push(round);
    onRound(round);
  }
  return { rounds: played, startMb, rightMb, peakMb: installation.peakMb, faults };
}
