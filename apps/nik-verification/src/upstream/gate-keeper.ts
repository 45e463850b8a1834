import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { UpstreamState } from '#contracts';
import { AppError, gauge } from '#service';
import type { Upstream, UpstreamDirectory } from './upstream-directory.js';

const probeDeadlineMs = 5_000;

const gateGauge = gauge('gerbang_upstream_gate', 'Institutions by state of their way to the ministry', ['state']);

/** Watches the shared gates: when the wait of an open one is over, one replica probes the way, which costs no hit. */
@Injectable()
export class GateKeeper {
  constructor(
    private readonly pool: Pool,
    private readonly directory: UpstreamDirectory,
    private readonly breaker: { waitMs: number; mostWaitMs: number },
  ) {}

  /** Probes what is due. A way that answers is opened for one look-up at a time (`trial`), the others wait longer. */
  async probeDue(): Promise<void> {
    const { rows } = await this.pool.query<{ institution_id: string }>(
      `UPDATE verification.upstream_gate SET probing_until = clock_timestamp() + make_interval(secs => $1)
       WHERE state = 'open' AND until <= verification.ledger_now() AND (probing_until IS NULL OR probing_until < clock_timestamp())
       RETURNING institution_id`,
      [(probeDeadlineMs * 2) / 1000],
    );
    await Promise.all(rows.map((row) => this.probe(row.institution_id)));
  }

  async findState(institutionId: string): Promise<UpstreamState> {
    const upstream = await this.findUsable(institutionId);
    if (!upstream) return { state: 'not-configured', since: null, until: null };
    const { rows } = await this.pool.query<{ state: UpstreamState['state']; since: Date; until: Date | null }>(
      `SELECT CASE WHEN state = 'quota-used-up' AND until <= verification.ledger_now() THEN 'ready' ELSE state END AS state, since, until
       FROM verification.upstream_gate WHERE institution_id = $1`,
      [institutionId],
    );
    const gate = rows[0];
    if (!gate || gate.state === 'ready') return { state: 'ready', since: null, until: null };
    return { state: gate.state, since: gate.since.toISOString(), until: gate.until?.toISOString() ?? null };
  }

  /** A person has mended what the ministry refused: calls may go on. Costs no hit. */
  async rearm(institutionId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE verification.upstream_gate SET state = 'ready', since = verification.ledger_now(), until = NULL, streak = 0, reopened = 0, trial_id = NULL
       WHERE institution_id = $1 AND state = 'access-broken'`,
      [institutionId],
    );
    return rowCount === 1;
  }

  async countStates(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM verification.upstream_gate GROUP BY state',
    );
    gateGauge.reset();
    for (const { state, n } of rows) gateGauge.set({ state }, n);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  private async probe(institutionId: string): Promise<void> {
    const upstream = await this.findUsable(institutionId);
    const answers = (await upstream?.client.probe(probeDeadlineMs)) ?? false;
    await this.pool.query(
      answers
        ? `UPDATE verification.upstream_gate SET state = 'trial', since = verification.ledger_now(), until = NULL, trial_id = NULL, probing_until = NULL
           WHERE institution_id = $1 AND state = 'open' AND $2 > 0 AND $3 > 0`
        : `UPDATE verification.upstream_gate SET probing_until = NULL, reopened = reopened + 1,
             until = verification.ledger_now() + make_interval(secs => least($2 * power(2, reopened), $3) / 1000.0)
           WHERE institution_id = $1 AND state = 'open'`,
      [institutionId, this.breaker.waitMs, this.breaker.mostWaitMs],
    );
  }

  /** An access right that nobody can open any more is as good as none. */
  private async findUsable(institutionId: string): Promise<Upstream | undefined> {
    try {
      return await this.directory.find(institutionId);
    } catch (error) {
      if (error instanceof AppError && error.code === 'UPSTREAM_NOT_CONFIGURED') return undefined;
      throw error;
    }
  }
}
