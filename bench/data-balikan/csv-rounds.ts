import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessWatch } from '../processes.js';
import { countFile } from './count-file.js';
import { findFileFaults } from './exactness.js';
import type { Installation } from './installation.js';
import type { Plain } from './plain.js';
import { csvOf, type BalikanRow } from './rows.js';

export interface CsvTurn {
  seconds: number;
  perSecond: number;
  /** Processor time by process, milliseconds. */
  cpuMs: Record<string, number>;
}

export interface CsvRound {
  /** From the end of the upload to the commit. */
  service: CsvTurn;
  plain: CsvTurn;
  uploadSeconds: number;
  /** One statement of PostgreSQL's that writes these very records once more, into a table with the same indexes and constraints. */
  sameRecordsPerSecond: number;
}

const names = ['data-balikan', 'nik-verification', 'gateway', 'nats', 'postgres', 'baseline'] as const;

/** One CSV file after the other, each once by the service and once by csv-parse and COPY; neither always comes first. */
export class CsvRounds {
  readonly faults: string[] = [];
  readonly watch: ProcessWatch;
  private readonly path: string;
  private played = 0;

  private constructor(
    private readonly installation: Installation,
    private readonly plain: Plain,
    folder: string,
    /** The `count` rows that come next. */
    private readonly nextRows: (count: number) => BalikanRow[],
  ) {
    const { stack } = installation;
    const pids: Record<(typeof names)[number], number | undefined> = {
      'data-balikan': installation.service.pid,
      'nik-verification': stack.replicas['nik-verification'][0]?.child.pid,
      gateway: stack.replicas.gateway[0]?.child.pid,
      nats: stack.nats.process.pid,
      postgres: stack.postgres.process.pid,
      baseline: plain.pid,
    };
    this.watch = new ProcessWatch(names.map((name) => ({ name, pid: pids[name], family: name === 'postgres' })));
    this.path = join(folder, 'rows.csv');
  }

  static async prepare(
    installation: Installation,
    plain: Plain,
    folder: string,
    nextRows: (count: number) => BalikanRow[],
  ): Promise<CsvRounds> {
    await installation.database.query('CREATE SCHEMA bench');
    await installation.database.query(
      'CREATE TABLE bench.plain (nik text, nomor_register text, nama_usaha text, jenis_usaha text, kode_kbli text, versi_kbli text, tanggal date)',
    );
    await installation.database.query('CREATE TABLE bench.same (LIKE balikan.record INCLUDING ALL)');
    return new CsvRounds(installation, plain, folder, nextRows);
  }

  async play(count: number): Promise<CsvRound> {
    const rows = this.nextRows(count);
    const csv = Buffer.from(csvOf(rows));
    await writeFile(this.path, csv);
    const service = () => this.playService(csv, count);
    let plain: CsvTurn | undefined;
    if (this.played % 2 === 1) plain = await this.playPlain(count);
    const played = await service();
    plain ??= await this.playPlain(count);
    this.played += 1;
    return { plain, ...played };
  }

  private async playService(csv: Buffer, rows: number): Promise<Omit<CsvRound, 'plain'>> {
    const { installation } = this;
    const { database } = installation;
    await installation.rest();
    // every turn begins with an empty table, after a checkpoint: none pays for the one before
    await database.query('TRUNCATE balikan.record, balikan.batch_chunk, balikan.batch_fault, balikan.batch');
    await database.query('CHECKPOINT');
    const { id, seconds: uploadSeconds } = await installation.upload(csv, 'CSV', 'ALL_OR_NOTHING');
    const service = await this.measured(rows, () => installation.untilDone(id));
    const name = `CSV of ${rows} rows, round ${this.played + 1}`;
    this.faults.push(...findFileFaults(name, await countFile(database, id, { rows, spoilt: 0 })));

    await database.query('TRUNCATE bench.same');
    await database.query('CHECKPOINT');
    const startedAt = performance.now();
    await database.query('INSERT INTO bench.same SELECT * FROM balikan.record');
    return { service, uploadSeconds, sameRecordsPerSecond: rows / ((performance.now() - startedAt) / 1_000) };
  }

  private async playPlain(rows: number): Promise<CsvTurn> {
    const { database, stack } = this.installation;
    await this.installation.rest();
    await database.query('TRUNCATE bench.plain');
    await database.query('CHECKPOINT');
    const { host, port, user, password } = stack.postgres;
    const settings = { host, port, user, password, database: 'gerbang' };
    const turn = await this.measured(rows, async () => {
      const job = { kind: 'copy', database: settings, path: this.path, table: 'bench.plain' } as const;
      return (await this.plain.run(job)).seconds;
    });
    const { rows: counted } = await database.query<{ count: number }>('SELECT count(*)::int FROM bench.plain');
    const count = counted[0]?.count;
    if (count !== rows) this.faults.push(`baseline: ${count} rows instead of ${rows}`);
    return turn;
  }

  private async measured(rows: number, work: () => Promise<number>): Promise<CsvTurn> {
    const before = this.watch.cpuMs();
    const seconds = await work();
    const used = [...this.watch.cpuMs()].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)] as const);
    return { seconds, perSecond: rows / seconds, cpuMs: Object.fromEntries(used) };
  }
}
