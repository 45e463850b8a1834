import type pg from 'pg';
import type { ReportActor } from '#contracts';
import { Log, type RpcClient } from '#service';
import { Facts } from '../facts/facts.js';
import { OpenedEvents } from '../facts/opened-events.js';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { Opening } from '../opening/opening.js';
import { Drafting } from './drafting.js';
import { EarlierFigures } from './earlier-figures.js';
import { ReportCounting } from './report-counting.js';
import { Reports } from './reports.js';

/** One replica of the part that makes reports, beside stand-ins for the owners of its facts. */
export function makeReplica(pool: pg.Pool, owners = new OwnersOfTest()) {
  const bus = owners.bus as unknown as RpcClient;
  const log = Log.create('uji', 'error');
  const lines: { level: string; msg: string; fields: Record<string, unknown> }[] = [];
  log.event = (level, msg, fields = {}) => void lines.push({ level, msg, fields });
  const facts = new Facts(bus);
  const events = new OpenedEvents(bus, log);
  const opening = new Opening(facts, events, log);
  const counting = new ReportCounting(pool, facts, opening);
  let woken = 0;
  const evidence = { wake: () => void (woken += 1) };
  const drafting = new Drafting(pool, counting, new EarlierFigures(pool, facts, log), evidence);
  const reports = new Reports(pool, drafting, evidence, 20_000);
  return { owners, log, lines, facts, events, opening, counting, drafting, reports, woken: () => woken };
}
export type TestReplica = ReturnType<typeof makeReplica>;

export const actorOf = (institutionId: string, overrides: Partial<ReportActor> = {}): ReportActor => ({
  institutionId,
  operatorId: '019ab3c4-5d6e-7f80-9123-00000000aaaa',
  name: 'Camat CONTOH',
  role: 'camat',
  ...overrides,
});

/** Milliseconds that a caller of a test waits. */
export const patience = 20_000;
