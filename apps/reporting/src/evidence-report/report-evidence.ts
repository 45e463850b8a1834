import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { EvidenceRelay, gauge, tableOutbox, type Log, type RelayPace, type RpcClient } from '#service';
import type { Worker } from '../feature.js';

const waiting = gauge('gerbang_reports_not_in_evidence', 'Steps of reports that have not reached the evidence log', []);
const refused = gauge(
  'gerbang_reports_refused_by_evidence',
  'Those among them that the evidence log does not take: somebody has changed one of the two',
  [],
);

/** Brings every step of a report to the evidence log of nik-verification, after it was committed. */
@Injectable()
export class ReportEvidence implements Worker {
  private readonly relay: EvidenceRelay;

  constructor(pool: pg.Pool, bus: Pick<RpcClient, 'call'>, log: Log, pace?: RelayPace) {
    const words = { all: 'steps of reports', one: 'a step of a report' };
    const outbox = tableOutbox(pool, 'reporting.evidence_outbox', 'REPORT');
    this.relay = new EvidenceRelay(outbox, bus, log, { words, waiting, refused }, pace);
  }

  start(): void {
    this.relay.start();
  }

  /** Something was written there. Never waits and never throws. */
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
