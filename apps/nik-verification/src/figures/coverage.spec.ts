import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AsOf } from '#contracts';
import { Log, metrics } from '#service';
import type { Counted } from './as-of.js';
import { Coverage } from './coverage.js';
import { History, type MadeEvent } from './history-fixture.js';
import { madeEvents, randomFrom } from './year-fixture.js';

const year = { from: '2024-01-01', until: '2024-12-31' };
const everything = { from: '2023-01-01', until: '2025-12-31' };
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

interface Leaf {
  kind: string;
  verificationId: string;
  service: string | null;
  /** Of both HMACs; null without one of them. */
  person: string | null;
  hit: string;
  outcome: string;
  day: string;
  eventId: string;
}

/** An office with a log, of which a year's look-ups are written with deliveries between them; `named` of each delivery, by its event. */
class Office {
  readonly id = randomUUID();
  readonly named = new Map<string, string | null>();
  readonly checkpoints: AsOf[] = [];
  private opened = new Set<string>();

  constructor(private readonly history: History) {}

  sql = (text: string, ...more: unknown[]) => this.history.asSuperuser(text, [this.id, ...more]);

  /** With few persons and cases, of which some have no HMAC. */
  static events(seed: number, count: number): MadeEvent[] {
    const random = randomFrom(seed);
    const keys = new Map<string, Pick<MadeEvent, 'nikHmac' | 'referenceHmac'>>();
    return madeEvents(randomUUID(), seed, count).map((event) => {
      if (event.kind === 'REFUSED') return event;
      let key = keys.get(event.verificationId);
      if (!key) {
        const [nik, reference] = [random(), random()];
        key = {
          nikHmac: nik < 0.05 ? null : hash(`person ${Math.floor(nik * 9)}`),
          referenceHmac: reference < 0.1 ? null : hash(`case ${Math.floor(reference * 6)}`),
        };
        keys.set(event.verificationId, key);
      }
      return { ...event, ...key, service: event.service === 'SKTM' ? 'SKU' : (event.service ?? null) };
    });
  }

  write = (events: readonly MadeEvent[]) => this.history.write(this.id, events);

  async deliver(named: string | null, at = '2024-03-03T03:00:00Z'): Promise<string> {
    const id = await this.history.report(this.id, at, 'DATA_BALIKAN', 'data-balikan.delivered');
    this.named.set(id, named);
    return id;
  }

  async sign(): Promise<AsOf> {
    const { origin, size } = await this.history.sign(this.id);
    this.checkpoints.push({ origin, size });
    return { origin, size };
  }

  /** As whoever hands in particulars leaves it: below the newest checkpoint everything is opened. */
  async open(isAnew = false): Promise<void> {
    const opened = [...this.named].filter(([id]) => isAnew || !this.opened.has(id));
    await this.sql(
      `INSERT INTO verification.opened_event (log_id, index, event_id, institution_id, type, act, day, verification_id)
       SELECT log_id, index, event_id, $1, 'DATA_BALIKAN', 'data-balikan.delivered', '2024-03-03', named
       FROM unnest($2::uuid[], $3::uuid[]) AS said (id, named) JOIN verification.log_leaf ON event_id = id`,
      opened.map(([id]) => id),
      opened.map(([, named]) => named),
    );
    for (const [id] of opened) this.opened.add(id);
    await this.sql(
      `INSERT INTO verification.opened_until (log_id, index)
       SELECT id, least((SELECT max(size) FROM verification.log_checkpoint WHERE log_id = id),
         (SELECT coalesce(max(index) + 1, 0) FROM verification.log_leaf WHERE log_id = id))
       FROM verification.log WHERE institution_id = $1
       ON CONFLICT (log_id) DO UPDATE SET index = excluded.index`,
    );
  }

  /** A restore from a backup that was made when so many leaves were there, and a log that goes on after it. */
  async restore(size: number): Promise<void> {
    const own = `log_id = (SELECT id FROM verification.log WHERE institution_id = $1 ORDER BY generation DESC LIMIT 1)`;
    for (const table of ['opened_event', 'sent_look_up'])
      await this.sql(`DELETE FROM verification.${table} WHERE index >= $2 AND ${own}`, size);
    await this.sql(`UPDATE verification.opened_until SET index = least(index, $2) WHERE ${own}`, size);
    await this.sql(
      `UPDATE verification.covered_until SET index = least(index, $2), checked_to = least(checked_to, $2) WHERE ${own}`,
      size,
    );
    await this.history.setBack(this.id, size);
    await this.history.sequencer().acknowledge(this.id, null, 'Dipulihkan dari cadangan');
    this.checkpoints.splice(0, Infinity, ...this.checkpoints.filter((checkpoint) => checkpoint.size <= size));
  }

  find = (asOf: AsOf): Promise<Counted> => this.history.asOf().find(this.id, asOf);

  /** Leaves that are counted, in the order of the log. */
  async leaves({ logs }: Counted): Promise<Leaf[]> {
    const { rows } = await this.sql(
      `SELECT coalesce(kind, act) AS kind, event.verification_id AS "verificationId", service, hit_state AS hit, outcome,
         encode(nik_hmac, 'hex') || ' ' || encode(reference_hmac, 'hex') AS person, event_id AS "eventId", log_id AS "logId", index::int,
         ((event.at AT TIME ZONE 'UTC') + interval '7 hours')::date::text AS day
       FROM verification.log_leaf AS leaf JOIN verification.log ON log.id = log_id
       LEFT JOIN verification.access_event AS event ON event.id = event_id AND event.verification_id = leaf.verification_id
       LEFT JOIN verification.reported_event AS reported ON reported.id = event_id
       WHERE log.institution_id = $1 ORDER BY log_id, index`,
    );
    return (rows as (Leaf & { logId: number; index: number })[]).filter(({ logId, index }) =>
      logs.some(({ id, size }) => id === logId && index < size),
    );
  }

  /** What coverage is, from the leaves alone and word for word as it is defined. */
  plain(leaves: readonly Leaf[], { from, until } = everything, asked: readonly string[] = []) {
    const requests = new Map<string, Leaf>();
    const ends = new Map<string, Leaf>();
    const sent = new Set<string>();
    for (const leaf of leaves) if (leaf.kind === 'REQUESTED') requests.set(leaf.verificationId, leaf);
    const caseOf = (id: string) => {
      const request = requests.get(id);
      return request && (request.person ?? id);
    };
    for (const leaf of leaves) {
      if (leaf.kind === 'ANSWERED') ends.set(leaf.verificationId, leaf);
      if (leaf.kind === 'data-balikan.delivered') sent.add(caseOf(this.named.get(leaf.eventId) ?? '') ?? 'none');
    }
    const named = new Set(asked.map(caseOf));
    const days = new Map<string, { lookUps: number; sent: number }>();
    const accepted: { verificationId: string; day: string }[] = [];
    for (const [verificationId, { service, day }] of requests) {
      const end = ends.get(verificationId);
      if (end?.hit !== 'confirmed' || end.outcome !== 'FOUND' || (service !== 'SKU' && service !== 'NIB')) continue;
      if (day < from || day > until) continue;
      const isSent = sent.has(caseOf(verificationId)!);
      const counts = days.get(day) ?? { lookUps: 0, sent: 0 };
      days.set(day, { lookUps: counts.lookUps + 1, sent: counts.sent + (isSent ? 1 : 0) });
      if (!isSent && named.has(caseOf(verificationId))) accepted.push({ verificationId, day });
    }
    return {
      days: [...days].map(([day, counts]) => ({ day, ...counts })).sort((a, b) => (a.day < b.day ? -1 : 1)),
      accepted: accepted.sort((a, b) => (a.verificationId < b.verificationId ? -1 : 1)),
    };
  }
}

let history: History;
beforeAll(async () => {
  history = await History.begin();
});
afterAll(() => history.end());

const coverage = (width = 64, most = 1_000, log = history.log) =>
  new Coverage(history.pool, log, { everyMs: 1_000, width, most });

async function listAll(of: Coverage, counted: Counted, days: typeof year, named: string[], limit: number) {
  const seen = [];
  let after: string | null = null;
  do {
    const page = await of.listAccepted(counted, { ...days, named, after, limit });
    expect(page.lookUps.length).toBeLessThanOrEqual(limit);
    seen.push(...page.lookUps);
    after = page.next;
  } while (after);
  return seen;
}

/** Everything that is asked as of a checkpoint, and the sums of it. */
async function expectRight(office: Office, of: Coverage, asOf: AsOf, named: string[]) {
  const counted = await office.find(asOf);
  const leaves = await office.leaves(counted);
  const plain = office.plain(leaves, everything, named);
  const ofYear = office.plain(leaves, year, named);
  expect(await of.count(counted, everything, Infinity)).toEqual(plain.days);
  expect(await of.count(counted, year, Infinity)).toEqual(ofYear.days);
  if (named.length > 0) {
    expect(await listAll(of, counted, everything, named, 9)).toEqual(plain.accepted);
    expect(await listAll(of, counted, year, named, 1_000)).toEqual(ofYear.accepted);
  }
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    lookUps: sum(plain.days.map(({ lookUps }) => lookUps)),
    sent: sum(plain.days.map(({ sent }) => sent)),
    accepted: plain.accepted.length,
  };
}

/**
 * A log of two generations, the second after a restore to leaves that no checkpoint covers. Deliveries stand at random places and name
 * look-ups that are there, or pending, or come later, or none.
 */
async function writeHistory(office: Office, seed: number, at: (asOf: AsOf) => Promise<void>): Promise<void> {
  const random = randomFrom(seed * 7 + 1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const events = Office.events(seed, 260);
  const stranger = await strangers(seed);
  const name = (): string | null =>
    random() < 0.7 ? pick(events).verificationId : pick([null, randomUUID(), stranger, ...office.named.values()]);
  const half = Math.floor(events.length / 2);
  const grow = async (from: number, to: number) => {
    for (let next = from; next < to;) {
      const count = 1 + Math.floor(random() * 24);
      await office.write(events.slice(next, Math.min(next + count, to)));
      next += count;
      if (random() < 0.45) await office.deliver(name());
      if (random() < 0.15) await history.report(office.id, '2024-03-03T03:00:00Z', 'READER_READ', 'reader.read');
      if (random() < 0.3) {
        const asOf = await office.sign();
        await office.open();
        await at(asOf);
      }
    }
  };
  await grow(0, half);
  const { size } = await office.sign();
  await office.open();
  // leaves that the backup has and no checkpoint covers: a delivery and look-ups among them
  await office.deliver(pick(events.slice(0, half)).verificationId);
  await office.write(events.slice(half, half + 12));
  await office.sign();
  await office.write([{ ...events[0]!, id: randomUUID(), verificationId: randomUUID() }]);
  await office.sign();
  office.checkpoints.splice(-2);
  await office.restore(size + 9);
  await office.sign();
  await grow(half + 12, events.length);
  await at(await office.sign().then(async (asOf) => (await office.open(), asOf)));
}

/** A look-up of another office, found for a business service. */
async function strangers(seed: number): Promise<string> {
  const other = new Office(history);
  const [asked] = Office.events(seed + 100, 30).filter(
    ({ kind, service }) => kind === 'REQUESTED' && service === 'SKU',
  );
  await other.write([asked!, { ...asked!, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' }]);
  await other.sign();
  return asked!.verificationId;
}

const rowsOf = async (office: Office) =>
  (
    await office.sql(
      `SELECT verification_id AS id, log_id AS log, index::int, day::text FROM verification.sent_look_up
       JOIN verification.log ON log.id = log_id WHERE institution_id = $1 ORDER BY 1, 2`,
    )
  ).rows as { id: string; log: number; index: number; day: string }[];

const forget = () => history.asSuperuser('TRUNCATE verification.sent_look_up, verification.covered_until');

describe.each([1, 2, 3])('a year at random, no. %i', (seed) => {
  let office: Office;
  let named: string[];
  let grown: Awaited<ReturnType<typeof rowsOf>>;

  test('counts as it grows, and as of every checkpoint afterwards, as the leaves say', async () => {
    office = new Office(history);
    const sums: Awaited<ReturnType<typeof expectRight>>[] = [];
    const growing = coverage(16);
    await writeHistory(office, seed, async (asOf) => {
      if (sums.length % 3 === 0) await growing.round();
      const ids = (
        await office.sql(
          'SELECT DISTINCT verification_id AS id FROM verification.access_event WHERE institution_id = $1',
        )
      ).rows;
      // every other one, some that are nobody's, and one of no business
      named = [...ids.map(({ id }: { id: string }) => id).filter((_, n) => n % 2 === 0), randomUUID()];
      sums.push(await expectRight(office, growing, asOf, named));
    });
    expect(sums.length).toBeGreaterThan(5);
    expect(sums.at(-1)!.sent).toBeGreaterThan(sums[1]!.sent);
    expect(sums.at(-1)!.lookUps).toBeGreaterThan(sums.at(-1)!.sent);
    expect(sums.some(({ accepted }) => accepted > 0)).toBe(true);
    for (const asOf of office.checkpoints) await expectRight(office, growing, asOf, named);
    grown = await rowsOf(office);
    expect(new Set(grown.map(({ log }) => log)).size).toBe(2);
    // of both generations together one is counted
    expect(new Set(grown.map(({ id }) => id)).size).toBe(grown.length);
  });

  test.each([1, 7, 64])('and so it does when %i leaves are worked out at a time', async (width) => {
    for (const isAhead of [true, false]) {
      await forget();
      const anew = coverage(width);
      if (isAhead) await anew.round();
      for (const asOf of isAhead ? [...office.checkpoints].reverse() : office.checkpoints)
        await expectRight(office, anew, asOf, named);
      expect(await rowsOf(office)).toEqual(grown);
    }
  });

  test('and when several replicas are at it', async () => {
    await forget();
    const last = await office.find(office.checkpoints.at(-1)!);
    const { days } = office.plain(await office.leaves(last));
    const replicas = [coverage(7, 3), coverage(16, 5), coverage(5, 4)];
    const counts = await Promise.all(
      replicas.map(async (replica) => {
        await replica.round();
        return replica.count(last, everything, Infinity);
      }),
    );
    expect(counts).toEqual([days, days, days]);
    expect(await rowsOf(office)).toEqual(grown);
  });
});

test('a delivery that the log has before the request that it names is one all the same', async () => {
  const office = new Office(history);
  const asked = (name: string, more: Partial<MadeEvent> = {}): MadeEvent => ({
    ...{ at: '2024-03-03T03:00:00Z', kind: 'REQUESTED', verificationId: randomUUID(), service: 'SKU', hit: 'reserved' },
    ...{ nikHmac: hash(name), referenceHmac: hash(name), ...more },
  });
  const found = (event: MadeEvent): MadeEvent => ({ ...event, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' });
  const [first, other, alone] = [asked('a'), asked('a', { service: 'SKTM' }), asked('b', { referenceHmac: null })];
  await office.write([first, found(first)]);
  await office.deliver(other.verificationId);
  await office.deliver(alone.verificationId);
  await office.sign();
  await office.write([other, alone]);
  await office.sign();
  await office.write([found(alone)]);
  await office.sign();
  await office.open();
  for (const width of [1, 64]) {
    await forget();
    for (const asOf of office.checkpoints)
      await expectRight(office, coverage(width), asOf, [first.verificationId, alone.verificationId]);
    expect((await rowsOf(office)).map(({ index }) => index).sort()).toEqual([4, 6]);
  }
});

describe('while not everything is opened', () => {
  test('nothing is counted, nor when nobody waits for it', async () => {
    const office = new Office(history);
    await office.write(Office.events(5, 30));
    await office.deliver(null);
    const before = await office.sign();
    await office.open();
    await office.deliver(null);
    const counted = await office.find(await office.sign());
    const unavailable = { code: 'EVIDENCE_UNAVAILABLE' };
    await expect(coverage().count(counted, year, Infinity)).rejects.toMatchObject(unavailable);
    await expect(
      coverage().listAccepted(counted, { ...year, named: [randomUUID()], after: null, limit: 9 }),
    ).rejects.toMatchObject(unavailable);
    await expectRight(office, coverage(), before, []);
    await office.open();
    await expect(coverage().count(counted, year, performance.now() - 1)).rejects.toMatchObject(unavailable);
    await coverage().count(counted, year, Infinity);
  });

  test('of the generation before, the one after it waits; leaves of it that are gone are waited for by nobody', async () => {
    const office = new Office(history);
    const events = Office.events(6, 60);
    const [asked] = events.filter(({ kind, service }) => kind === 'REQUESTED' && service === 'SKU');
    const again = (verificationId: string): MadeEvent => ({ ...asked!, verificationId });
    await office.write(events.slice(0, 20));
    await office.sign();
    await office.restore(0);
    await office.write([...events.slice(20), again(asked!.verificationId)]);
    // the last leaf of the generation
    await office.deliver(asked!.verificationId);
    const asOf = await office.sign();
    await office.open();
    await expectRight(office, coverage(), asOf, []);
    // signed once more, which the backup does not have
    await office.write([again(randomUUID())]);
    await office.sign();
    await office.restore(asOf.size);
    await office.write([{ ...asked!, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' }]);
    const last = await office.sign();
    await office.open();
    await office.sql(
      `WITH gone AS (DELETE FROM verification.opened_event WHERE institution_id = $1 RETURNING log_id)
       UPDATE verification.opened_until SET index = index - 1 WHERE log_id IN (SELECT log_id FROM gone)`,
    );
    await forget();
    await coverage().round();
    await expect(coverage().count(await office.find(last), year, Infinity)).rejects.toMatchObject({
      code: 'EVIDENCE_UNAVAILABLE',
    });
    await office.open(true);
    await expectRight(office, coverage(), last, [asked!.verificationId]);
    expect((await rowsOf(office)).map(({ id }) => id)).toContain(asked!.verificationId);
  });
});

describe('the nightly check', () => {
  let office: Office;
  let right: Awaited<ReturnType<typeof rowsOf>>;
  const checkedTotal = async (name = 'checked') =>
    (await metrics.getSingleMetric(`gerbang_coverage_${name}_total`)!.get()).values[0]?.value ?? 0;
  const night = (day: number) =>
    history.database.setLedgerClock({
      at: new Date(Date.parse('2025-03-03T17:00:00Z') + day * 86_400_000).toISOString(),
    });

  /** A log that keeps what is told as an error. */
  const listen = () => {
    const told: [string, object][] = [];
    const log = Log.create('uji', 'error');
    log.event = (level, msg, fields = {}) => void (level === 'error' && told.push([msg, fields]));
    return { log, told };
  };

  beforeAll(async () => {
    await history.asSuperuser('TRUNCATE verification.log, verification.opened_until, verification.opened_event');
    await forget();
    await history.database.setLedgerClock({ at: '2025-03-03T03:00:00Z' });
    office = new Office(history);
    await writeHistory(office, 9, async () => undefined);
    await coverage().round();
    right = await rowsOf(office);
    expect(right.length).toBeGreaterThan(10);
  });

  let days = 0;
  test.each([
    ['a row that is gone', 'DELETE FROM verification.sent_look_up WHERE verification_id = $1', 1],
    [
      'a row of a look-up that is not sent',
      `INSERT INTO verification.sent_look_up SELECT $2::uuid, log_id, index, day FROM verification.sent_look_up WHERE verification_id = $1`,
      1,
    ],
    [
      'a row behind everything that was worked out',
      `INSERT INTO verification.sent_look_up SELECT $2::uuid, log_id, 1000000, day FROM verification.sent_look_up WHERE verification_id = $1`,
      1,
    ],
    [
      'a second row, in the other generation',
      `INSERT INTO verification.sent_look_up SELECT verification_id, log.id, 0, day FROM verification.sent_look_up, verification.log
       WHERE verification_id = $1 AND log.id <> log_id`,
      1,
    ],
    ['another day', `UPDATE verification.sent_look_up SET day = day + 1 WHERE verification_id = $1`, 1],
    // one too many there, one too few here
    ['an earlier place', `UPDATE verification.sent_look_up SET index = 0 WHERE verification_id = $1`, 2],
    ['a later place', `UPDATE verification.sent_look_up SET index = index + 64 WHERE verification_id = $1`, 1],
  ])('finds %s, sets it right and tells it', async (_what, sql, differing) => {
    const { log, told } = listen();
    // the last one that is sent, which has no other in its generation behind it
    const { id } = right.reduce((a, b) => (b.log > a.log || (b.log === a.log && b.index > a.index) ? b : a));
    await history.asSuperuser(sql, sql.includes('$2') ? [id, randomUUID()] : [id]);
    const wrong = await rowsOf(office);
    expect(wrong).not.toEqual(right);
    await coverage(64, 1_000, log).round();
    expect([told, await rowsOf(office)]).toEqual([[], wrong]);
    const before = await checkedTotal('repaired');
    await night(days++);
    await coverage(64, 1_000, log).round();
    expect(await rowsOf(office)).toEqual(right);
    expect((await checkedTotal('repaired')) - before).toBe(differing);
    for (const [message, fields] of told) {
      expect(message).toContain('coverage differs from the evidence');
      expect(fields).toMatchObject({ institutionId: office.id });
    }
    expect(told.map(([, fields]) => (fields as { count: number }).count).reduce((a, b) => a + b)).toBe(differing);
    await coverage(64, 1_000, log).round();
    expect((await checkedTotal('repaired')) - before).toBe(differing);
  });

  test('works everything out once a day from midnight in Jakarta on, so many parts of it in a round, whoever does', async () => {
    const size = ({ index }: { index: string }) => Math.ceil(Number(index) / 50);
    const { rows } = await history.asSuperuser('SELECT index FROM verification.covered_until');
    const parts = (rows as { index: string }[]).map(size).reduce((a, b) => a + b);
    const before = await checkedTotal();
    await coverage(50).round();
    expect(await checkedTotal()).toBe(before);
    await night(days++);
    await coverage(50, 3).round();
    expect((await checkedTotal()) - before).toBe(3);
    for (let n = 0; n < 2; n += 1) await Promise.all(Array.from({ length: 4 }, () => coverage(50).round()));
    expect((await checkedTotal()) - before).toBe(parts);
    await history.database.setLedgerClock({
      at: new Date(Date.parse('2025-03-03T16:59:59.999Z') + days * 86_400_000).toISOString(),
    });
    await coverage(50).round();
    expect((await checkedTotal()) - before).toBe(parts);
    // what is added on the same day is worked out once
    await office.write(Office.events(10, 20));
    await office.sign();
    await office.open();
    await coverage(50).round();
    expect((await checkedTotal()) - before).toBe(parts);
    right = await rowsOf(office);
  });

  test('does not wait for the night when a delivery says something else than before', async () => {
    const last = office.checkpoints.at(-1)!;
    const { rows } = await office.sql(
      `UPDATE verification.opened_event SET verification_id = NULL WHERE institution_id = $1 AND verification_id IS NOT NULL
       RETURNING log_id, index, event_id, OLD.verification_id AS named`,
    );
    const { log, told } = listen();
    await coverage(64, 1_000, log).round();
    expect(await rowsOf(office)).toEqual([]);
    expect(told.length).toBeGreaterThan(0);
    // handed in again: some are changed, one was missing altogether
    const [gone] = rows as { event_id: string }[];
    await office.sql(
      'DELETE FROM verification.opened_event WHERE institution_id = $1 AND event_id = $2',
      gone!.event_id,
    );
    for (const { log_id, index, event_id, named } of rows as Record<string, unknown>[])
      await office.sql(
        `INSERT INTO verification.opened_event (log_id, index, event_id, institution_id, type, act, day, verification_id)
         VALUES ($2, $3, $4, $1, 'DATA_BALIKAN', 'data-balikan.delivered', '2024-03-03', $5)
         ON CONFLICT (log_id, index) DO UPDATE SET verification_id = excluded.verification_id`,
        log_id,
        index,
        event_id,
        named,
      );
    await coverage().round();
    expect(await rowsOf(office)).toEqual(right);
    await expectRight(office, coverage(), last, []);
  });

  test('rows are written by the database alone', async () => {
    for (const sql of [
      'INSERT INTO verification.sent_look_up SELECT * FROM verification.sent_look_up',
      'UPDATE verification.sent_look_up SET index = 0',
      'DELETE FROM verification.sent_look_up',
      'TRUNCATE verification.sent_look_up',
      'INSERT INTO verification.covered_until SELECT * FROM verification.covered_until',
      'UPDATE verification.covered_until SET index = 0',
      'DELETE FROM verification.covered_until',
    ])
      await expect(history.pool.query(sql)).rejects.toThrow(/permission denied/);
  });
});
