import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { gauge } from '#service';
import type { Worker } from '../feature.js';

const everyMs = 15_000;

const records = gauge('gerbang_balikan_records', 'Data balikan that have not arrived, by state', ['state']);
const oldest = gauge(
  'gerbang_balikan_oldest_waiting_seconds',
  'Age of the one that has waited longest since acceptance',
  [],
);
const lanes = gauge('gerbang_balikan_lanes', 'Institutions by how their sending stands', ['state']);
const sending = gauge('gerbang_balikan_sending', '0 while the kill switch is off', []);

/** How the outbox stands, for the metrics; institutions are counted and not named. */
@Injectable()
export class Figures implements Worker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(@Inject(pg.Pool) private readonly pool: pg.Pool) {}

  start(): void {
    const begin = () => {
      // a database that is away is told by the workers and by readiness
      this.running ??= this.measure()
        .catch(() => undefined)
        .finally(() => (this.running = undefined));
    };
    begin();
    this.timer = setInterval(begin, everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  async measure(): Promise<void> {
    const { rows } = await this.pool.query<{ waiting: number; dead: number; age: number; sending: boolean }>(
      `SELECT (SELECT count(*)::int FROM balikan.record WHERE state = 'WAITING') AS waiting,
         (SELECT count(*)::int FROM balikan.record WHERE state = 'DEAD') AS dead,
         coalesce((SELECT extract(epoch FROM balikan.clock() - min(accepted_at)) FROM balikan.record WHERE state = 'WAITING'), 0)::float AS age,
         (SELECT sending FROM balikan.switch) AS sending`,
    );
    const { rows: gates } = await this.pool.query<{ state: string; n: number }>(
      `SELECT CASE WHEN paused_at IS NOT NULL THEN 'paused' ELSE gate END AS state, count(*)::int AS n FROM balikan.lane GROUP BY 1`,
    );
    records.set({ state: 'WAITING' }, rows[0]?.waiting ?? 0);
    records.set({ state: 'DEAD' }, rows[0]?.dead ?? 0);
    oldest.set(rows[0]?.age ?? 0);
    sending.set(rows[0]?.sending ? 1 : 0);
    lanes.reset();
    for (const { state, n } of gates) lanes.set({ state }, n);
  }
}
