import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { EvidenceRelay, gauge, tableOutbox, type Log, type RelayPace, type RpcClient } from '#service';
import type { Worker } from '../feature.js';

const waiting = gauge(
  'gerbang_balikan_not_in_evidence',
  'Data balikan events that have not reached the evidence log',
  [],
);
const refused = gauge(
  'gerbang_balikan_refused_by_evidence',
  'Those among them that the evidence log does not take: somebody has changed one of the two',
  [],
);

/** Brings what happened to data balikan to the evidence log of nik-verification, after it was committed. */
@Injectable()
export class BalikanEvidence implements Worker {
  private readonly relay: EvidenceRelay;

  constructor(pool: pg.Pool, bus: Pick<RpcClient, 'call'>, log: Log, pace?: RelayPace) {
    const words = { all: 'data balikan events', one: 'a data balikan event' };
    this.relay = new EvidenceRelay(
      tableOutbox(pool, 'balikan.evidence_outbox', 'DATA_BALIKAN'),
      bus,
      log,
      { words, waiting, refused },
      pace,
    );
  }

  start(): void {
    this.relay.start();
  }

  stop(): Promise<void> {
    return this.relay.stop();
  }

  /** Reports what is waiting. @throws when it cannot be known whether the log has it, or nobody answers */
  round(): Promise<void> {
    return this.relay.round();
  }
}
