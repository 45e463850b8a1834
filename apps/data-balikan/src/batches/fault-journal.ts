import type { Pool } from 'pg';
import type { BalikanField, RowFaultCode, ValueClass } from '#contracts';
import type { HeldBatch } from './batch-queue.js';
import { GivenUp } from './hold.js';

/** What is wrong with one cell, or with the row as a whole. */
export interface FoundFault {
  row: number;
  /** From 1. */
  column: number | null;
  field: BalikanField | null;
  code: RowFaultCode;
  value: ValueClass;
}

/** Faults of one batch that are kept; the rest is counted. */
export const mostFaults = 500_000;
const deleteAtOnce = 50_000;
const writeAtOnce = 2_000;

/** The holder writes, and nobody else: a row of nothing means that the batch is somebody else's by now. */
const held = `held AS MATERIALIZED (
  SELECT id FROM balikan.batch WHERE id = $1 AND attempt = $2 AND state = 'CHECKING' FOR SHARE)`;

/** The faults of a batch in the order of rows, written while its transaction is open, on a connection of its own. */
export class FaultJournal {
  /** All of them, those beyond {@link mostFaults} included. */
  count = 0;
  private waiting: FoundFault[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly batch: Pick<HeldBatch, 'id' | 'attempt'>,
    private readonly most = mostFaults,
  ) {}

  /** Removes those of an earlier attempt. */
  async clear(): Promise<void> {
    for (let deleted = deleteAtOnce; deleted === deleteAtOnce;) {
      const { rowCount } = await this.pool.query(
        `WITH ${held}, few AS (SELECT n FROM balikan.batch_fault WHERE batch_id = $1 LIMIT ${deleteAtOnce})
         DELETE FROM balikan.batch_fault WHERE batch_id = (SELECT id FROM held) AND n IN (SELECT n FROM few)`,
        [this.batch.id, this.batch.attempt],
      );
      deleted = rowCount ?? 0;
    }
  }

  /** May wait for what was added before, so that no more than two loads are in memory. */
  async add(faults: readonly FoundFault[]): Promise<void> {
    const room = Math.max(0, this.most - this.count);
    this.count += faults.length;
    for (const fault of room < faults.length ? faults.slice(0, room) : faults) this.waiting.push(fault);
    if (this.waiting.length >= writeAtOnce) await this.flush();
  }

  private async flush(): Promise<void> {
    await this.writing;
    const load = this.waiting;
    this.waiting = [];
    const first = Math.min(this.count, this.most) - load.length + 1;
    this.writing = this.write(load, first);
    // whoever adds or ends next hears of it
    this.writing.catch(() => undefined);
  }

  /** When it returns all of them are written. */
  async end(): Promise<void> {
    if (this.waiting.length > 0) await this.flush();
    await this.writing;
  }

  private async write(load: readonly FoundFault[], first: number): Promise<void> {
    for (let at = 0; at < load.length; at += writeAtOnce) {
      const some = load.slice(at, at + writeAtOnce);
      const { rowCount } = await this.pool.query({
        name: 'write_batch_faults',
        text: `WITH ${held}
          INSERT INTO balikan.batch_fault (batch_id, n, row, cell_column, field, code, value_class)
          SELECT held.id, $3 + place - 1, row, cell_column, field, code, value_class
          FROM held, unnest($4::int[], $5::int[], $6::text[], $7::text[], $8::text[])
            WITH ORDINALITY AS fault (row, cell_column, field, code, value_class, place)`,
        values: [
          this.batch.id,
          this.batch.attempt,
          first + at,
          some.map(({ row }) => row),
          some.map(({ column }) => column),
          some.map(({ field }) => field),
          some.map(({ code }) => code),
          some.map(({ value }) => value),
        ],
      });
      if (rowCount !== some.length) throw new GivenUp(false);
    }
  }
}
