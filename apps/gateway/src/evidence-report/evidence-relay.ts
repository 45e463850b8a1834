import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { EvidenceRelay as Relay, gauge, type EvidenceOutbox, type Log, type RelayPace, type RpcClient } from '#service';
import { claim, countWaiting, findWaiting, remove, type Waiting } from './outbox.js';
import { contentHashOf } from './particulars.js';

const waiting = gauge('gerbang_acts_not_in_evidence', 'Administrative acts that have not reached the evidence log', []);
const refused = gauge(
  'gerbang_acts_refused_by_evidence',
  'Those among them that the evidence log does not take: somebody has changed one of the two',
  [],
);

/** Brings every administrative act to the evidence log, after it was committed. */
@Injectable()
export class EvidenceRelay {
  private readonly relay: Relay;

  constructor(database: DataSource, bus: Pick<RpcClient, 'call'>, log: Log, pace?: RelayPace) {
    const words = { all: 'acts', one: 'an act' };
    this.relay = new Relay(outboxOf(database), bus, log, { words, waiting, refused }, pace);
  }

  start(): void {
    this.relay.start();
  }

  /** An act was committed. Never waits and never throws; as long as reporting fails, its own pace goes on. */
  wake(): void {
    this.relay.wake();
  }

  stop(): Promise<void> {
    return this.relay.stop();
  }

  /** Reports what is waiting. @throws when it cannot be known whether the log has it, or nobody answers */
  round(): Promise<void> {
    return this.relay.round();
  }
}

const outboxOf = (database: DataSource): EvidenceOutbox => ({
  hand: (most, butNot, report) =>
    database.transaction(async (manager) => {
      const claimed = await claim(manager, most, butNot);
      const arrived = await report(claimed.map(toReportable));
      if (arrived.length > 0) await remove(manager, arrived);
      return claimed.length;
    }),
  countWaiting: () => countWaiting(database.manager),
  findWaiting: (ids) => findWaiting(database.manager, ids),
});

const toReportable = (event: Waiting) => {
  const { id, at, institutionId, act, actorId, subjectId: subject } = event;
  return {
    id,
    institutionId,
    toEvent: () => ({
      ...{ id, at, type: 'ADMINISTRATION' as const, institutionId, act, actorId, subject },
      contentHash: contentHashOf(event),
    }),
  };
};
