import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { counter, Rounds, type KeyFolder, type Log } from '#service';
import type { EvidenceLag } from '../evidence/evidence-lag.js';
import type { GateKeeper } from '../upstream/gate-keeper.js';
import type { UpstreamDirectory } from '../upstream/upstream-directory.js';

const everyMs = 1_000;
const givenUp = counter('gerbang_hits_given_up_total', 'Reservations of replicas that were lost, now unknown', []);

/**
 * What has to happen without anybody asking: lost reservations become `unknown`, due gates are probed, how far evidence lags is measured, what was
 * destroyed leaves the memory of this replica, old Idempotency-Keys go.
 */
@Injectable()
export class Housekeeping {
  private readonly rounds: Rounds;
  private done = 0;

  constructor(
    private readonly pool: Pool,
    private readonly gates: GateKeeper,
    private readonly keys: KeyFolder,
    private readonly directory: UpstreamDirectory,
    private readonly lag: EvidenceLag,
    private readonly log: Log,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'housekeeping' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    const { rows } = await this.pool.query<{ n: number }>('SELECT verification.give_up_expired() AS n');
    const n = rows[0]?.n ?? 0;
    if (n > 0) {
      givenUp.inc(n);
      this.log.event('warn', 'reservations given up', { count: n });
    }
    await this.lag.measure();
    await this.keys.wipeGone();
    await this.directory.closeGone();
    await this.gates.probeDue();
    await this.gates.countStates();
    if (this.done++ % 600 === 0)
      await this.pool.query(
        "DELETE FROM verification.idempotency WHERE created_at < verification.ledger_now() - interval '2 days'",
      );
  }
}
