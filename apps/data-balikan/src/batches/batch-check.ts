import type { Pool } from 'pg';
import type { BalikanDestination, RowFaultCode } from '#contracts';
import { openTable } from '../files/open-table.js';
import { FileFault, type Row, type Table } from '../files/table.js';
import { AppError } from '#service';
import type { AccessedPeople } from '../people/accessed-people.js';
import type { PersonVault } from '../people/person-vault.js';
import { findAccess, firstDayOf, openAgreements, type OpenAgreement } from '../records/owing-agreements.js';
import type { BatchQueue, Checked, HeldBatch } from './batch-queue.js';
import type { ChunkStore } from './chunk-store.js';
import { columnNames } from './column-names.js';
import { FaultJournal, type FoundFault } from './fault-journal.js';
import { GivenUp, type Hold } from './hold.js';
import { RecordIntake, type ProvenRow } from './record-intake.js';
import { compilePattern } from './register-pattern.js';
import { checkRow, type Candidate, type RowRules } from './row-check.js';

/** So many rows are proven and taken at once. */
const rowsAtOnce = 500;
/** Less than the database lets a transaction wait. */
const lookUpDeadlineMs = 8_000;

export interface BatchParts {
  pool: Pool;
  vault: PersonVault;
  store: ChunkStore;
  queue: BatchQueue;
  accessed: Pick<AccessedPeople, 'find'>;
  destinations: { find(institutionId: string): Promise<BalikanDestination | undefined> };
}

interface GoodRow {
  row: Row;
  candidate: Candidate;
}

/** Some rows on their way; faults are those found so far. */
interface Load {
  rows: number;
  faults: FoundFault[];
  good: GoodRow[];
}

interface ProvenLoad extends Load {
  proven: (ProvenRow & GoodRow)[];
}

const ignore = (): void => undefined;

/**
 * One attempt to take a file. While the database takes some rows, the look-ups of the next are asked for and the rows behind
 * them are read; of each there is one load in memory. What is taken is committed at the end, together with the state of the batch.
 */
export class BatchCheck {
  private readonly journal: FaultJournal;
  private table: Table | undefined;
  private intake: RecordIntake | undefined;
  private rows = 0;
  private faulty = 0;
  private taken = 0;
  private alreadyThere = 0;
  /** The same as another row of the file. */
  private repeated = 0;

  constructor(
    private readonly parts: BatchParts,
    private readonly batch: HeldBatch,
  ) {
    this.journal = new FaultJournal(parts.pool, batch);
  }

  /** How far it is, for whoever watches; keeps the transaction awake. */
  beat(): { rows: number; percent: number } | undefined {
    this.intake?.keepAwake();
    return this.table && { rows: this.rows, percent: Math.floor(this.table.progress() * 100) };
  }

  /**
   * @throws {FileFault} when the file as a whole cannot be read
   * @throws {GivenUp} when the batch is somebody else's, cancelled, or this process ends
   * @throws {AppError} of a part that is away; AGREEMENT_CLOSED
   */
  async run(hold: Hold): Promise<Checked> {
    const { pool, vault, store, queue, destinations } = this.parts;
    const agreements = await openAgreements(vault, this.batch.actor);
    const destination = await destinations.find(this.batch.institution_id);
    await this.journal.clear();
    const file = await store.openFile({ id: this.batch.id, keyId: this.batch.key_id });
    const table = await hold.during(openTable(file, columnNames(destination)));
    const rules = await this.rulesFor(table, agreements, destination);
    const intake = new RecordIntake(pool, this.batch, agreements);
    this.table = table;
    this.intake = intake;
    try {
      await this.takeAll(loadsOf(table, rules), agreements, intake, hold);
      await this.journal.end();
      await hold.stop();
      hold.check();
      const result = this.result(table);
      // without a row taken the transaction begins here
      const finished =
        result.state === 'HELD'
          ? await intake.rollback().then(() => queue.finish(pool, this.batch, result))
          : await intake.commit((client) => queue.finish(client, this.batch, result));
      if (!finished) throw new GivenUp(false);
      return result;
    } catch (error) {
      // of a file that cannot be read as a whole no row is judged
      if (error instanceof FileFault) await this.journal.end().then(() => this.journal.clear());
      if (error instanceof AppError && error.code === 'AGREEMENT_CLOSED' && (await this.mayGoOnWithout(agreements)))
        throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 }, { cause: error });
      throw error;
    } finally {
      await intake.rollback();
    }
  }

  /** One of them was closed meanwhile, and not the file's own: the next attempt passes it over. */
  private async mayGoOnWithout(agreements: readonly OpenAgreement[]): Promise<boolean> {
    const left = await openAgreements(this.parts.vault, this.batch.actor).catch(() => []);
    return left.length < agreements.length && left[0]?.agreementId === this.batch.agreement_id;
  }

  private async rulesFor(
    table: Table,
    agreements: readonly OpenAgreement[],
    destination: BalikanDestination | undefined,
  ): Promise<RowRules> {
    const { rows } = await this.parts.pool.query<{ today: string }>(
      'SELECT balikan.jakarta_day(balikan.clock())::text AS today',
    );
    const pattern = destination?.registerPattern;
    return {
      columns: table.columns,
      today: rows[0]?.today ?? '',
      validFrom: firstDayOf(agreements),
      isRegisterNumber: pattern === undefined ? null : compilePattern(pattern),
    };
  }

  private async takeAll(
    loads: AsyncIterable<Load>,
    agreements: readonly OpenAgreement[],
    intake: RecordIntake,
    hold: Hold,
  ): Promise<void> {
    let proving: Promise<ProvenLoad> | undefined;
    let taking: Promise<void> = Promise.resolve();
    const take = async (load: Promise<ProvenLoad>): Promise<void> => {
      const { faults, proven, rows } = await hold.during(load);
      const prepared = intake.prepare(proven);
      await taking;
      taking = (async () => {
        const present = proven.length > 0 ? await intake.take(prepared) : [];
        await this.settle({ faults, proven, present, rows });
      })();
      taking.catch(ignore);
    };
    try {
      for await (const load of loads) {
        hold.check();
        const next = this.prove(load, agreements);
        next.catch(ignore);
        if (proving) await take(proving);
        proving = next;
      }
      if (proving) await take(proving);
      await taking;
    } finally {
      // nothing of it may run behind the end of the transaction
      await taking.catch(ignore);
    }
  }

  /** Whose data was accessed, and under which agreement (O-07)? */
  private async prove(load: Load, agreements: readonly OpenAgreement[]): Promise<ProvenLoad> {
    if (load.good.length === 0) return { ...load, proven: [] };
    const found = await findAccess(
      this.parts.accessed,
      { institutionId: this.batch.institution_id, agreements },
      load.good.map(({ candidate: { nik, verificationId, registerNumber, registerDate } }) => ({
        nik,
        verificationId,
        reference: registerNumber,
        tanggal: registerDate,
      })),
      performance.now() + lookUpDeadlineMs,
    );
    const proven: ProvenLoad['proven'] = [];
    const faults = [...load.faults];
    load.good.forEach((good, index) => {
      const access = found[index] ?? 'PERSON_NOT_ACCESSED';
      if (typeof access === 'object') proven.push({ ...good, access });
      else faults.push(this.faultAt(good.row, access === 'DATE_TOO_EARLY' ? 'tanggal' : 'nik', access));
    });
    return { ...load, faults, proven };
  }

  private async settle({
    faults,
    proven,
    present,
    rows,
  }: {
    faults: FoundFault[];
    proven: ProvenLoad['proven'];
    present: Awaited<ReturnType<RecordIntake['take']>>;
    rows: number;
  }): Promise<void> {
    for (const { index, differs, inThisFile } of present) {
      const row = proven[index]?.row;
      if (row && differs)
        faults.push(this.faultAt(row, 'nomorRegister', inThisFile ? 'ROW_DIFFERS' : 'RECORD_DIFFERS'));
      else if (inThisFile) this.repeated += 1;
      else this.alreadyThere += 1;
    }
    this.rows += rows;
    this.taken += proven.length - present.length;
    this.faulty += new Set(faults.map(({ row }) => row)).size;
    await this.journal.add(faults.sort((a, b) => a.row - b.row));
  }

  private faultAt(row: Row, field: 'nik' | 'nomorRegister' | 'tanggal', code: RowFaultCode): FoundFault {
    return {
      row: row.row,
      column: this.table?.columns.get(field) ?? null,
      field,
      code,
      value: row.cells[field]?.class ?? 'empty',
    };
  }

  private result({ format, notes }: Table): Checked {
    const held = this.batch.policy === 'ALL_OR_NOTHING' && this.journal.count > 0;
    // what stands in the file twice is there already only if the first of the two was taken
    const right = this.taken + this.repeated;
    return {
      state: held ? 'HELD' : 'DONE',
      format,
      notes,
      checked: this.rows,
      accepted: held ? 0 : this.taken,
      alreadyThere: held ? this.alreadyThere : this.alreadyThere + this.repeated,
      refused: held ? this.faulty + right : this.faulty,
      heldBack: held ? right : 0,
      faults: this.journal.count,
    };
  }
}

/** Reads the rows in loads of {@link rowsAtOnce}. */
async function* loadsOf(table: Table, rules: RowRules): AsyncGenerator<Load, void, undefined> {
  let load: Load = { rows: 0, faults: [], good: [] };
  for await (const rows of table.rows()) {
    for (const row of rows) {
      load.rows += 1;
      const { candidate, faults } = checkRow(row, rules);
      if (candidate) load.good.push({ row, candidate });
      else for (const fault of faults) load.faults.push({ row: row.row, ...fault });
      if (load.rows < rowsAtOnce) continue;
      yield load;
      load = { rows: 0, faults: [], good: [] };
    }
  }
  if (load.rows > 0) yield load;
}
