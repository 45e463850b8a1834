import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CountedContent, ReportedLeafRow } from '#contracts';
import { DeliveryTally, ReaderTally, type OpenedLeaf } from '#report';
import type { AppError } from '#service';
import type { Counted } from './as-of.js';
import { History, nothingSaid } from './history-fixture.js';
import { edges, madeEvents, randomFrom } from './year-fixture.js';

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const year = { from: '2024-01-01', until: '2024-12-31' };
const periods = [
  year,
  { from: '2024-01-01', until: '2024-06-30' },
  { from: '2024-07-01', until: '2024-12-31' },
  { from: '2024-02-29', until: '2024-02-29' },
  { from: '2024-01-31', until: '2024-02-28' },
  { from: '2023-12-31', until: '2024-01-01' },
  { from: '2026-01-01', until: '2026-06-30' },
];

/** A leaf that the test had written, and what its particulars say. */
interface Made {
  id: string;
  leaf: Omit<ReportedLeafRow, 'id' | 'contentHash'>;
  said: CountedContent;
  generation: number;
  index: number;
}

const isCounted = ({ leaf: { type, act } }: Made) =>
  (type === 'READER_READ' && ['reader.read', 'reader.offline-check'].includes(act)) ||
  (type === 'DATA_BALIKAN' && act === 'data-balikan.delivered');

/** A log as the test wrote it down while it made it. */
class MadeLog {
  readonly office = randomUUID();
  readonly made: Made[] = [];
  /** Checkpoints that are still there, and which leaves each covers. */
  readonly checkpoints: { generation: number; size: number }[] = [];
  private generation = 1;
  private size = 0;
  private readonly random: () => number;

  constructor(readonly seed: number) {
    this.random = randomFrom(seed);
  }

  readonly pick = <T>(from: readonly T[]): T => from[Math.floor(this.random() * from.length)]!;

  async grow(count: number): Promise<void> {
    const lookUps = madeEvents(this.office, this.seed + this.size, 3);
    await history.write(this.office, lookUps);
    this.size += lookUps.length;
    for (let n = 0; n < count; n += 1) await this.addOne();
  }

  async addOne(leaf = this.leaf(), id?: string): Promise<Made> {
    const written = await history.report(this.office, leaf.at, leaf.type, leaf.act, leaf.subject, id);
    const one = { id: written, leaf, said: this.said(leaf), generation: this.generation, index: this.size++ };
    this.made.push(one);
    return one;
  }

  async sign(): Promise<void> {
    const { size } = await history.sign(this.office);
    expect(size).toBe(this.size);
    this.checkpoints.push({ generation: this.generation, size });
  }

  /** The next generation; of this one nothing is left from an index on. */
  async setBack(size: number): Promise<Made[]> {
    await history.setBack(this.office, size);
    const isGone = (one: Made) => one.generation === this.generation && one.index >= size;
    const gone = this.made.filter(isGone);
    this.made.splice(0, Infinity, ...this.made.filter((one) => !isGone(one)));
    const kept = this.checkpoints.filter((one) => one.generation !== this.generation || one.size <= size);
    this.checkpoints.splice(0, Infinity, ...kept);
    await history.sequencer().acknowledge(this.office, null, 'Dipulihkan dari cadangan');
    this.generation += 1;
    // the statement of the gap
    this.size = 1;
    return gone;
  }

  counted = ({ generation, size }: { generation: number; size: number }): Promise<Counted> =>
    history.asOf().find(this.office, { origin: `uji/${this.office}/${generation}`, size });

  /** What is to be opened below a checkpoint, in the order of the log. */
  below(asOf: { generation: number; size: number }): Made[] {
    const covered = (generation: number) =>
      Math.max(...this.checkpoints.filter((one) => one.generation === generation).map(({ size }) => size));
    return this.made.filter(
      (one) =>
        isCounted(one) &&
        (one.generation < asOf.generation
          ? one.index < covered(one.generation)
          : one.generation === asOf.generation && one.index < asOf.size),
    );
  }

  shuffled(): Made[] {
    return this.made
      .map((one) => ({ one, place: this.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ one }) => one);
  }

  private leaf(): Made['leaf'] {
    const random = new Date(Date.parse('2023-12-30T00:00:00Z') + this.random() * 370 * 86_400_000).toISOString();
    const at = this.random() < 0.3 ? this.pick(edges) : `${random.slice(0, 23)}123Z`;
    const [type, act] = this.pick([
      ['READER_READ', 'reader.read'],
      ['READER_READ', 'reader.read'],
      ['READER_READ', 'reader.offline-check'],
      ['READER_READ', 'reader.state'],
      ['DATA_BALIKAN', 'data-balikan.delivered'],
      ['DATA_BALIKAN', 'data-balikan.delivered'],
      ['DATA_BALIKAN', 'data-balikan.accepted'],
      ['ADMINISTRATION', 'reader.read'],
    ] as const);
    const readers = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}${this.office.slice(8)}`);
    const subject = type === 'READER_READ' ? this.pick([...readers, null]) : randomUUID();
    return { at, type, act, subject };
  }

  private said({ type }: Made['leaf']): CountedContent {
    const verificationId = this.pick([randomUUID(), null]);
    return type === 'READER_READ'
      ? {
          ...nothingSaid,
          verificationId,
          outcome: this.pick(['MATCHED', 'MATCHED', 'NOT_MATCHED', 'CARD_REMOVED', 'é', 'z', null]),
          tries: this.pick([0, 1, 2, 10, null]),
          service: this.pick(['SKU', 'sku', 'NIB', 'Ä', null]),
        }
      : { ...nothingSaid, verificationId, receipt: this.pick(['SUCCESS', 'ALREADY_SENT', 'MEDIA', 'apa', null]) };
  }
}

const saidOf = (made: readonly Made[]) => new Map(made.map(({ id, said }) => [id, said]));

/** Counted once more, by what the verifier of a kit counts with. */
function plainFigures(made: readonly Made[], period: { from: string; until: string }) {
  const events = made.map(({ id, leaf, said }): OpenedLeaf => ({
    leaf: { id, contentHash: null, ...leaf },
    content: { ...said },
  }));
  const [reads, deliveries] = [new ReaderTally(period), new DeliveryTally(period)];
  for (const event of events) for (const tally of [reads, deliveries]) tally.add(event);
  return { readers: reads.figures(), dataBalikan: deliveries.figures() };
}

const codeOf = (error: unknown) => (error as AppError).code;
const figuresOf = async (counted: Counted, period: { from: string; until: string }) =>
  history.opened().figures(counted, period, Infinity);
const listed = async (counted: Counted, limit = 400) =>
  (await history.opened().listUnopened(counted, limit)).map(({ id }) => id);

async function madeLog(seed: number): Promise<MadeLog> {
  const log = new MadeLog(seed);
  await log.grow(40);
  await log.sign();
  await log.grow(40);
  await log.sign();
  // on record at the restore and covered by no checkpoint; what came after it is lost
  await log.grow(8);
  const kept = log.made.at(-1)!.index + 1;
  await log.grow(4);
  await log.sign();
  const gone = await log.setBack(kept);
  // reported again by whoever was not told that it was taken
  for (const one of gone.slice(0, 4)) await log.addOne(one.leaf, one.id);
  await log.grow(30);
  await log.sign();
  await log.grow(30);
  await log.sign();
  return log;
}

describe('a log with checkpoints and generations', () => {
  test.each([31, 32, 33])(
    'is listed and counted as its leaves have it, whatever is opened first (%i)',
    async (seed) => {
      const [log, other] = [await madeLog(seed), new MadeLog(seed)];
      await other.grow(10);
      await other.sign();
      await history.open(other.office, saidOf(other.made));
      expect(log.checkpoints.map(({ generation }) => generation)).toEqual([1, 1, 2, 2]);
      const open = new Set<string>();
      let answered = 0;
      const check = async () => {
        for (const asOf of log.checkpoints) {
          const counted = await log.counted(asOf);
          const missing = log.below(asOf).filter(({ id }) => !open.has(id));
          expect(await listed(counted)).toEqual(missing.map(({ id }) => id));
          expect(await listed(counted, 3)).toEqual(missing.slice(0, 3).map(({ id }) => id));
          for (const period of periods)
            if (missing.length > 0) expect(await figuresOf(counted, period).catch(codeOf)).toBe('EVIDENCE_UNAVAILABLE');
            else {
              expect(await figuresOf(counted, period)).toEqual(plainFigures(log.below(asOf), period));
              answered += 1;
            }
        }
      };
      await check();
      // the first checkpoint's first, so that the figures of that one can be told before those of the others
      const first = new Set(log.below(log.checkpoints[0]!));
      const inTurn = log.shuffled().sort((a, b) => Number(first.has(b)) - Number(first.has(a)));
      for (let from = 0; from < inTurn.length; from += 29) {
        const batch = inTurn.slice(from, from + 29);
        expect(await history.open(log.office, saidOf(batch))).toEqual({
          kept: batch.filter(isCounted).length,
          differing: 0,
        });
        for (const { id } of batch) open.add(id);
        await check();
      }
      expect(answered).toBeGreaterThan(4 * periods.length);
      const [before, after] = [log.checkpoints[1]!, log.checkpoints[3]!];
      expect(await figuresOf(await log.counted(before), year)).not.toEqual(
        await figuresOf(await log.counted(after), year),
      );
      // a draft of a checkpoint that was counted long ago moves nothing back
      const known = `SELECT log_id, index FROM verification.opened_until ORDER BY log_id`;
      const reached = (await history.pool.query(known)).rows;
      await listed(await log.counted(log.checkpoints[0]!));
      expect((await history.pool.query(known)).rows).toEqual(reached);
    },
  );

  test('a leaf is listed as the log has it', async () => {
    const log = new MadeLog(40);
    const subject = randomUUID();
    const at = '2024-02-28T17:00:00.000001Z';
    const { id } = await log.addOne({ at, type: 'READER_READ', act: 'reader.read', subject });
    await log.sign();
    expect(await history.opened().listUnopened((await history.asOf().findNewest(log.office))!, 9)).toEqual([
      {
        id,
        at,
        type: 'READER_READ',
        act: 'reader.read',
        subject,
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  test('a generation that was set back to nothing, and one before its first checkpoint', async () => {
    const log = new MadeLog(41);
    await log.grow(5);
    await log.sign();
    await log.setBack(0);
    expect(await history.asOf().findNewest(log.office)).toMatchObject({ logs: [{ size: expect.any(Number) }, {}] });
    const one = await log.addOne({ at: edges[0]!, type: 'READER_READ', act: 'reader.read', subject: null });
    await log.sign();
    const counted = (await history.asOf().findNewest(log.office))!;
    expect(await listed(counted)).toEqual([one.id]);
    await history.open(log.office, saidOf([one]));
    expect((await figuresOf(counted, periods[5]!)).readers.reads).toBe(1);
  });
});

test('up to the newest checkpoint there is: nothing is signed, and nothing is found where there is none', async () => {
  const log = new MadeLog(50);
  expect(await history.asOf().findNewest(log.office)).toBeUndefined();
  await log.addOne();
  expect(await history.asOf().findNewest(log.office)).toBeUndefined();
  await log.sign();
  await log.addOne();
  await history.sequencer().round();
  const newest = (await history.asOf().findNewest(log.office))!;
  expect(newest).toEqual(await log.counted({ generation: 1, size: 1 }));
});

describe('what is handed in', () => {
  let log: MadeLog;
  let reads: Made[];
  const rows = async () =>
    (
      await history.pool.query<object>(
        `SELECT index::int, event_id AS id, type, act, subject, day::text, outcome, tries, service, receipt,
           verification_id AS "verificationId"
         FROM verification.opened_event WHERE institution_id = $1 ORDER BY index`,
        [log.office],
      )
    ).rows;
  const rowsOf = (made: readonly Made[]) =>
    made.map(({ id, index, leaf: { type, act, subject }, said }) => ({
      ...{ index, id, type, act, subject },
      day: '2024-03-01',
      ...said,
    }));
  const newest = async () => (await history.asOf().findNewest(log.office))!;

  beforeEach(async () => {
    log = new MadeLog(60);
    const leaf = { at: '2024-02-29T17:00:00.000000Z', type: 'READER_READ', act: 'reader.read' } as const;
    for (let n = 0; n < 30; n += 1) await log.addOne({ ...leaf, subject: randomUUID() });
    reads = [...log.made];
    await log.sign();
  });

  test('is kept with the place and the day of its leaf; once more it changes nothing', async () => {
    expect(await history.open(log.office, saidOf(reads))).toEqual({ kept: 30, differing: 0 });
    expect(await rows()).toEqual(rowsOf(reads));
    expect(await history.open(log.office, saidOf(reads))).toEqual({ kept: 30, differing: 0 });
    expect(await rows()).toEqual(rowsOf(reads));
  });

  test('and says something else than before is replaced, and counted', async () => {
    await history.open(log.office, saidOf(reads));
    const changes: Partial<CountedContent>[] = [
      { outcome: 'X' },
      { tries: 77 },
      { service: 'X' },
      { receipt: 'X' },
      { verificationId: randomUUID() },
    ];
    const changed = reads.map((one, n) => ({ ...one, said: { ...one.said, ...changes[n] } }));
    expect(await history.open(log.office, saidOf(changed))).toEqual({ kept: 30, differing: 5 });
    expect(await rows()).toEqual(rowsOf(changed));
    expect(await figuresOf(await newest(), year)).toEqual(plainFigures(changed, year));
    const silent = reads.map((one) => ({ ...one, said: nothingSaid }));
    expect(await history.open(log.office, saidOf(silent))).toEqual({ kept: 30, differing: 30 });
    expect(await rows()).toEqual(rowsOf(silent));
  });

  test('twice in one message is one: the last', async () => {
    const { id, said } = reads[0]!;
    const last = { ...said, outcome: 'LAST' };
    expect(
      await history.opened().keep(log.office, [
        { id, said },
        { id: id.toUpperCase(), said: last },
      ]),
    ).toEqual({ kept: 1, differing: 0 });
    expect(await rows()).toMatchObject([{ id, outcome: 'LAST' }]);
  });

  test('of another institution, of nobody, of another act, and before it has a place, is passed over', async () => {
    const other = await log.addOne({ at: edges[0]!, type: 'ADMINISTRATION', act: 'reader.read', subject: null });
    const unknown = { ...reads[1]!, id: randomUUID() };
    await log.sign();
    const waiting = await log.addOne({ at: edges[0]!, type: 'READER_READ', act: 'reader.read', subject: null });
    const nothing = { kept: 0, differing: 0 };
    expect(await history.open(randomUUID(), saidOf(reads))).toEqual(nothing);
    expect(await history.open(log.office, saidOf([other, unknown, waiting]))).toEqual(nothing);
    expect(await rows()).toEqual([]);
    expect(await history.open(log.office, saidOf([other, unknown, reads[1]!, waiting]))).toEqual({
      ...nothing,
      kept: 1,
    });
    expect(await rows()).toEqual(rowsOf([reads[1]!]));
  });

  test('by several replicas at once, in another order, is kept once', async () => {
    const replicas = Array.from({ length: 4 }, () => history.database.pool('nik_verification', { max: 2 }));
    const counted = await newest();
    const answers = await Promise.all(
      replicas.map(async (pool, n) => {
        const kept = await history.opened(pool).keep(log.office, n % 2 ? [...reads].reverse() : reads);
        await history.opened(pool).listUnopened(counted, 400);
        return kept;
      }),
    );
    expect(answers).toEqual(replicas.map(() => ({ kept: 30, differing: 0 })));
    expect(await rows()).toEqual(rowsOf(reads));
    expect(await listed(await newest())).toEqual([]);
  });

  test('stands in for a row that somebody took away or changed, and tells of it', async () => {
    await history.open(log.office, saidOf(reads));
    expect(await listed(await newest())).toEqual([]);
    await history.asSuperuser(`DELETE FROM verification.opened_event WHERE institution_id = $1 AND index = 3`, [
      log.office,
    ]);
    await history.asSuperuser(
      `UPDATE verification.opened_event SET day = '2020-01-01', subject = 'x', act = 'reader.offline-check'
       WHERE institution_id = $1 AND index IN (4, 5)`,
      [log.office],
    );
    expect(await history.open(log.office, saidOf(reads))).toEqual({ kept: 30, differing: 3 });
    expect(await rows()).toEqual(rowsOf(reads));
    expect(await history.open(log.office, saidOf(reads))).toEqual({ kept: 30, differing: 0 });
  });

  test('is written by the database alone: the service may neither add, change nor forget any', async () => {
    await history.open(log.office, saidOf(reads));
    for (const sql of [
      'INSERT INTO verification.opened_event SELECT * FROM verification.opened_event',
      `UPDATE verification.opened_event SET outcome = 'X'`,
      `UPDATE verification.opened_event SET day = '2020-01-01'`,
      'UPDATE verification.opened_event SET index = index + 100',
      'DELETE FROM verification.opened_event',
      'INSERT INTO verification.opened_until VALUES (1, 1)',
      'UPDATE verification.opened_until SET index = 1000',
      'DELETE FROM verification.opened_until',
    ])
      await expect(history.pool.query(sql)).rejects.toThrow(/permission denied/);
  });

  test('and a type that the service makes for itself stands for none of the database', async () => {
    await history.open(log.office, saidOf(reads));
    const client = await history.pool.connect();
    try {
      await client.query(`CREATE FUNCTION pg_temp.forget(pg_catalog.text) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN DELETE FROM verification.opened_event; RETURN true; END $$`);
      await client.query(
        'CREATE DOMAIN pg_temp.uuid AS pg_catalog.uuid CHECK (pg_temp.forget(VALUE::pg_catalog.text))',
      );
      await client.query('SELECT * FROM verification.keep_opened($1, $2)', [
        log.office,
        JSON.stringify([{ id: reads[0]!.id }]),
      ]);
    } finally {
      client.release(true);
    }
    expect(await rows()).toHaveLength(reads.length);
  });

  test('is known up to leaves that are there, whatever size is asked for', async () => {
    await history.open(log.office, saidOf(reads));
    const { id } = (await newest()).logs[0]!;
    const first = async (size: number) =>
      (
        await history.pool.query<{ index: string | null }>('SELECT verification.first_unopened($1, $2) AS index', [
          id,
          size,
        ])
      ).rows[0]!.index;
    expect(await first(1_000)).toBeNull();
    await log.addOne({ at: edges[0]!, type: 'READER_READ', act: 'reader.read', subject: null });
    await log.sign();
    expect(await first(1_000)).toBe('30');
  });
});
