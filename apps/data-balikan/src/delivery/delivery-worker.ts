import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { counter, InFlight, type Log } from '#service';
import type { Config } from '../config.js';
import type { Worker } from '../feature.js';
import type { PersonVault } from '../people/person-vault.js';
import { LaneTurn, leaseMs, type TurnParts } from './lane-turn.js';
import type { Outbox } from './outbox.repository.js';
import type { Ways } from './ways.js';

const deliveredTotal = counter('gerbang_balikan_delivered_total', 'Data balikan that the ministry has confirmed', []);
const failuresTotal = counter('gerbang_balikan_failures_total', 'Attempts that failed, by reason', ['code']);

/** Sends what is in the outbox (O-07): as many lanes at once as there are workers. */
@Injectable()
export class DeliveryWorker implements Worker {
  private readonly loops = new InFlight();
  private readonly stopping = new AbortController();
  /** Institutions whose last turn failed: each is told once, until a turn of it ends well. */
  private readonly stumbling = new Set<string>();
  private readonly parts: TurnParts;

  constructor(
    private readonly outbox: Outbox,
    private readonly ways: Ways,
    vault: Pick<PersonVault, 'unseal'>,
    private readonly config: Pick<Config, 'delivery' | 'drainMs'>,
    private readonly log: Log,
  ) {
    this.parts = {
      outbox,
      ways,
      vault,
      rules: config.delivery,
      told: ({ delivered }) => deliveredTotal.inc(delivered),
      failed: (code) => failuresTotal.inc({ code }),
      stopping: () => this.stopping.signal.aborted,
      keysAway: new Set(),
      keyAway: (institutionId, error) =>
        log.failure('data balikan wait for their key', error, { institutionId }, 'error'),
    };
  }

  start(): void {
    for (let n = 0; n < this.config.delivery.workers; n += 1) void this.loops.track(() => this.loop());
  }

  /** Ends after the requests that are under way, and after the drain time in any case: what was sent is then sent again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (!(await this.loops.drained(this.config.drainMs))) this.log.event('warn', 'shutdown left deliveries behind');
    await Promise.race([this.ways.close(), wait(this.config.drainMs, undefined, { ref: false })]);
  }

  /**
   * One turn. Returns how long the lane that was served rests, milliseconds; undefined: there was nothing to do, or it failed,
   * which is in the log.
   */
  async serve(holder: string): Promise<number | undefined> {
    const turn = await this.outbox.claim(holder, leaseMs);
    if (!turn) return undefined;
    const { institutionId } = turn.hold;
    try {
      const restMs = await new LaneTurn(turn, this.parts).serve();
      this.stumbling.delete(institutionId);
      return restMs;
    } catch (error) {
      if (!this.stumbling.has(institutionId))
        this.log.failure('a turn of data balikan stumbled', error, { institutionId }, 'warn');
      this.stumbling.add(institutionId);
      return undefined;
    }
  }

  private async loop(): Promise<void> {
    const holder = randomUUID();
    const { signal } = this.stopping;
    const { pollMs } = this.config.delivery;
    let failing = false;
    let restMs = pollMs;
    while (!signal.aborted) {
      let rest: number | undefined;
      try {
        rest = await this.serve(holder);
        failing = false;
      } catch (error) {
        if (!failing) this.log.failure('delivery of data balikan stumbled', error, {}, 'warn');
        failing = true;
      }
      // the lane that it just served may be all there is to do: it is free again after its rest, and that may be very short
      if (rest === undefined) await wait(Math.min(restMs, pollMs), undefined, { signal }).catch(() => undefined);
      restMs = rest === undefined ? pollMs : Math.ceil(rest) + 1;
    }
  }
}
