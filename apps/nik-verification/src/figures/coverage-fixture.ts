import { createHash, randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { AsOf } from '#contracts';
import type { Counted } from './as-of.js';
import type { Coverage } from './coverage.js';
import type { History, MadeEvent } from './history-fixture.js';
import { madeEvents, randomFrom } from './year-fixture.js';

export const year = { from: '2024-01-01', until: '2024-12-31' };
export const everything = { from: '2023-01-01', until: '2025-12-31' };
export const hash = (text: string) => createHash('sha256').update(text).digest('hex');

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
export class Office {
  readonly id = randomUUID();
  readonly named = new Map<string, string | null>();
  readonly checkpoints: AsOf[] = [];
  private opened = new Set<string>();

  constructor(readonly history: History) {}

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

/**
 * A log of two generations, the second after a restore to leaves that no checkpoint covers. Deliveries stand at random places and name
 * look-ups that are there, or pending, or come later, or none.
 */
export async function writeHistory(office: Office, seed: number, at: (asOf: AsOf) => Promise<void>): Promise<void> {
  const random = randomFrom(seed * 7 + 1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const events = Office.events(seed, 260);
  const stranger = await strangers(office.history, seed);
  const name = (): string | null =>
    random() < 0.7 ? pick(events).verificationId : pick([null, randomUUID(), stranger, ...office.named.values()]);
  const half = Math.floor(events.length / 2);
  const grow = async (from: number, to: number) => {
    for (let next = from; next < to;) {
      const count = 1 + Math.floor(random() * 24);
      await office.write(events.slice(next, Math.min(next + count, to)));
      next += count;
      if (random() < 0.45) await office.deliver(name());
      if (random() < 0.15) await office.history.report(office.id, '2024-03-03T03:00:00Z', 'READER_READ', 'reader.read');
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
async function strangers(history: History, seed: number): Promise<string> {
  const other = new Office(history);
  const [asked] = Office.events(seed + 100, 30).filter(
    ({ kind, service }) => kind === 'REQUESTED' && service === 'SKU',
  );
  await other.write([asked!, { ...asked!, kind: 'ANSWERED', hit: 'confirmed', outcome: 'FOUND' }]);
  await other.sign();
  return asked!.verificationId;
}

/** Its sent look-ups as they are on file. */
export const rowsOf = async (office: Office) =>
  (
    await office.sql(
      `SELECT verification_id AS id, log_id AS log, index::int, day::text FROM verification.sent_look_up
       JOIN verification.log ON log.id = log_id WHERE institution_id = $1 ORDER BY 1, 2`,
    )
  ).rows as { id: string; log: number; index: number; day: string }[];

export const forget = (history: History) =>
  history.asSuperuser('TRUNCATE verification.sent_look_up, verification.covered_until');

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
export async function expectRight(office: Office, of: Coverage, asOf: AsOf, named: string[]) {
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
