import type { Pool } from 'pg';
import { chunkBytes } from '#contracts';
import { markCsv } from '../files/csv/mark-csv.js';
import { openCsv } from '../files/csv/csv-table.js';
import type { Mark } from '../files/table.js';
import { markXlsx } from '../files/xlsx/mark-xlsx.js';
import type { BatchParts } from './batch-check.js';
import type { HeldBatch } from './batch-queue.js';
import type { StoredFault } from './batch-view.js';
import { contextOf } from './chunk-store.js';
import { columnNames } from './column-names.js';
import { GivenUp, type Hold } from './hold.js';

const marksAtOnce = 2_000;

/**
 * Makes the marked-up copy of a file, piece by piece as it is read.
 *
 * @throws {GivenUp}
 */
export async function makeResult(
  parts: BatchParts,
  batch: HeldBatch,
  format: 'XLSX' | 'CSV',
  hold: Hold,
): Promise<void> {
  const { vault, store, queue, destinations, pool } = parts;
  const opened = await vault.open(batch.agreement_id);
  // one key opens the whole batch
  if (opened.keyId !== batch.key_id) throw new Error('the sealing key was changed');
  const file = await store.openFile({ id: batch.id, keyId: batch.key_id });
  const names = columnNames(await destinations.find(batch.institution_id));
  const marks = marksOf(pool, batch.id);
  const marked = format === 'XLSX' ? markXlsx(file, marks, names) : markCsv(file, marks, await openCsv(file, names));
  await store.erase(pool, batch.id, 'RESULT');
  let n = 0;
  const write = async (piece: Buffer): Promise<void> => {
    hold.check();
    const { rowCount } = await pool.query({
      name: 'write_batch_result',
      text: `INSERT INTO balikan.batch_chunk (batch_id, part, n, sealed)
        SELECT id, 'RESULT', $3, $4 FROM balikan.batch
        WHERE id = $1 AND attempt = $2 AND state IN ('DONE', 'HELD') FOR SHARE`,
      values: [batch.id, batch.attempt, n, opened.sealBytes(piece, contextOf(batch.id, 'RESULT', n))],
    });
    if (rowCount !== 1) throw new GivenUp(false);
    n += 1;
  };
  for await (const piece of pieces(marked)) await write(piece);
  await hold.stop();
  if (!(await queue.addResult(batch, n))) throw new GivenUp(false);
}

/** The faults of a batch in their order, some thousands at a time. */
async function* marksOf(pool: Pool, batchId: string): AsyncGenerator<Mark, void, undefined> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<Pick<StoredFault, 'n' | 'row' | 'cell_column' | 'code'>>({
      name: 'batch_marks',
      text: `SELECT n, row, cell_column, code FROM balikan.batch_fault
        WHERE batch_id = $1 AND n > $2 ORDER BY n LIMIT ${marksAtOnce}`,
      values: [batchId, after],
    });
    for (const { row, cell_column: column, code } of rows) yield { row, column, code };
    const last = rows.at(-1);
    if (!last || rows.length < marksAtOnce) return;
    after = last.n;
  }
}

/** Cuts whatever comes into pieces that fit one message of the bus. */
async function* pieces(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const some of bytes) {
    let rest = some;
    while (length + rest.length >= chunkBytes) {
      waiting.push(rest.subarray(0, chunkBytes - length));
      rest = rest.subarray(chunkBytes - length);
      yield Buffer.concat(waiting);
      waiting = [];
      length = 0;
    }
    if (rest.length > 0) waiting.push(rest);
    length += rest.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
