import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { AppError, gauge, type Log } from '#service';
import { listWaiting } from './log.repository.js';

const lagSeconds = gauge('gerbang_evidence_lag_seconds', 'Age of the oldest event that has no index in its log', []);

export interface LagLimits {
  warnMs: number;
  /** Look-ups of an institution stop when its evidence lags so far behind. */
  stopMs: number;
}

/** Watches how far evidence lags behind, and stops look-ups when it is hours: what cannot be shown is not done. */
@Injectable()
export class EvidenceLag {
  /** Milliseconds, of institutions that have something waiting. */
  private lags = new Map<string, number>();
  private warned = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly limits: LagLimits,
    private readonly log: Log,
  ) {}

  isStalled(institutionId: string): boolean {
    return (this.lags.get(institutionId) ?? 0) >= this.limits.stopMs;
  }

  /** @throws {AppError} EVIDENCE_STALLED */
  refuseStalled(institutionId: string): void {
    if (this.isStalled(institutionId)) throw new AppError('EVIDENCE_STALLED', { retryAfter: 60 });
  }

  /** Looks again; called every second. */
  async measure(): Promise<void> {
    const waiting = await listWaiting(this.pool);
    this.lags = new Map(waiting.map(({ institutionId, waitingMs }) => [institutionId, waitingMs]));
    lagSeconds.set(Math.max(0, ...this.lags.values()) / 1_000);
    for (const [institutionId, ms] of this.lags) this.warn(institutionId, ms);
    for (const institutionId of this.warned) if (!this.isLate(institutionId)) this.relax(institutionId);
  }

  private isLate(institutionId: string): boolean {
    return (this.lags.get(institutionId) ?? 0) >= this.limits.warnMs;
  }

  private warn(institutionId: string, ms: number): void {
    if (!this.isLate(institutionId) || this.warned.has(institutionId)) return;
    this.warned.add(institutionId);
    this.log.event('warn', 'evidence lags behind', { institutionId, durationMs: Math.round(ms) });
  }

  private relax(institutionId: string): void {
    this.warned.delete(institutionId);
    this.log.event('info', 'evidence has caught up', { institutionId });
  }
}
