import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { EvidenceRelay, gauge, type Log, type RelayPace, type RpcClient } from '#service';
import { readOutboxOf } from './read-outbox.js';

const waiting = gauge('gerbang_reads_not_in_evidence', 'Reads of cards that have not reached the evidence log', []);
const refused = gauge(
  'gerbang_reads_refused_by_evidence',
  'Those among them that the evidence log does not take: somebody has changed one of the two',
  [],
);

/** Brings every read that has ended to the evidence log, after it was committed. */
@Injectable()
export class ReadEvidence {
  private readonly relay: EvidenceRelay;

  constructor(database: DataSource, bus: Pick<RpcClient, 'call'>, log: Log, pace?: RelayPace) {
    const words = { all: 'reads', one: 'a read' };
    this.relay = new EvidenceRelay(readOutboxOf(database), bus, log, { words, waiting, refused }, pace);
  }

  start(): void {
    this.relay.start();
  }

  /** A read was ended. Never waits and never throws. */
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
