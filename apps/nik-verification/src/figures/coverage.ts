import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { getOpenedFigures, listAcceptedLookUps, RpcInput, RpcOutput } from '#contracts';
import { AppError, counter, Rounds, takeFitting, type Log } from '#service';
import type { Counted } from './as-of.js';
import { countedValues } from './counted-leaf.js';
import { FiguresRepository, type Days } from './figures.repository.js';
import { checkWaiting } from './turns.js';

export type CoveredDay = RpcOutput<typeof getOpenedFigures>['covered'][number];
type Accepted = RpcOutput<typeof listAcceptedLookUps>;

export interface CoverageOptions {
  everyMs: number;
  /** Leaves that are worked out at a time. */
  width: number;
  /** So many times the width one round works out, and checks, at most. */
  most: number;
}

/** 2^14 leaves: a third of a second. */
export const coverageOptions: CoverageOptions = { everyMs: 1_000, width: 1 << 14, most: 4 };

const checkedTotal = counter(
  'gerbang_coverage_checked_total',
  'Parts of the log whose coverage the nightly check worked out anew',
  [],
);
const repairedTotal = counter(
  'gerbang_coverage_repaired_total',
  'Rows of coverage that the nightly check set right',
  [],
);

/**
 * Look-ups that data balikan are owed for (O-07), and those with a delivered record in their case. Which are sent is worked out along the
 * log, once, and anew every day (Asia/Jakarta); any number of replicas may.
 */
@Injectable()
export class Coverage {
  private readonly repository: FiguresRepository;
  private readonly rounds: Rounds;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
    private readonly options: CoverageOptions = coverageOptions,
  ) {
    this.repository = new FiguresRepository(pool);
    this.rounds = new Rounds(() => this.round(), { everyMs: options.everyMs, what: 'working out coverage' }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /**
   * Each day of the period with a covered look-up, in their order.
   * @param deadlineAt `performance.now()` at which the caller stops waiting
   * @throws {AppError} EVIDENCE_UNAVAILABLE then, or while a leaf that counts is not opened
   */
  async count(counted: Counted, days: Days, deadlineAt: number): Promise<CoveredDay[]> {
    await this.workOut(counted, deadlineAt);
    const lookUps = await this.repository.countCovered(counted, days, deadlineAt);
    const { rows } = await this.pool.query<{ day: string; sent: number }>(
      // the sizes outside: each log is an index of its own, which alone is read
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(sent)::int AS sent
       FROM unnest($1::integer[], $2::bigint[]) AS counted (log_id, size)
       CROSS JOIN LATERAL (
         SELECT day, count(*) AS sent FROM verification.sent_look_up AS own
         WHERE own.log_id = counted.log_id AND own.index < counted.size AND own.day BETWEEN $3 AND $4 GROUP BY day
       ) AS of_log
       GROUP BY day`,
      [...countedValues(counted), days.from, days.until],
    );
    const sent = new Map(rows.map((row) => [row.day, row.sent]));
    return [...lookUps]
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, count]) => ({ day, lookUps: count, sent: sent.get(day) ?? 0 }));
  }

  /**
   * By id, those covered look-ups of the period without a delivered record in their case in whose case one of `named` is.
   * @throws {AppError} as {@link count}
   */
  async listAccepted(
    counted: Counted,
    { from, until, named, after, limit }: Omit<RpcInput<typeof listAcceptedLookUps>, 'institutionId' | 'asOf'>,
    deadlineAt = Infinity,
  ): Promise<Accepted> {
    await this.workOut(counted, deadlineAt);
    const { rows } = await this.pool.query<Accepted['lookUps'][number]>(
      `SELECT verification_id AS "verificationId", to_char(day, 'YYYY-MM-DD') AS day
       FROM verification.list_accepted($1, $2, $3, $4, $5, $6, $7, $8)`,
      [counted.institutionId, ...countedValues(counted), from, until, named, after, limit + 1],
    );
    const lookUps = takeFitting(rows.slice(0, limit));
    return { lookUps, next: lookUps.length < rows.length ? (lookUps.at(-1)?.verificationId ?? null) : null };
  }

  /** Brings the rows of every log that is counted up to its size. */
  private async workOut(counted: Counted, deadlineAt: number): Promise<void> {
    for (const { logId, upTo, ...at } of await this.listStates(counted)) {
      for (let { reached } = at; reached < upTo;) {
        checkWaiting(deadlineAt);
        const next = await this.coverNext(logId, upTo);
        // not all of it is opened
        if (next <= reached) throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 });
        reached = next;
      }
    }
  }

  private async listStates(counted: Counted): Promise<{ logId: number; reached: number; upTo: number }[]> {
    const { rows } = await this.pool.query<{ logId: number; reached: string; upTo: string }>(
      `SELECT counted.log_id AS "logId", coalesce(covered.index, 0) AS reached, least(counted.size,
         -- of a generation that was set back there may be fewer leaves
         (SELECT coalesce(max(index) + 1, 0) FROM verification.log_leaf WHERE log_id = counted.log_id)) AS "upTo"
       FROM unnest($1::integer[], $2::bigint[]) AS counted (log_id, size)
       LEFT JOIN verification.covered_until AS covered ON covered.log_id = counted.log_id
       ORDER BY counted.log_id`,
      countedValues(counted),
    );
    return rows.map(({ logId, reached, upTo }) => ({ logId, reached: Number(reached), upTo: Number(upTo) }));
  }

  /** Returns up to where the log is worked out. */
  private async coverNext(logId: number, upTo: number): Promise<number> {
    const { rows } = await this.pool.query<{ reached: string }>(
      'SELECT verification.cover_next($1, $2, $3) AS reached',
      [logId, upTo, this.options.width],
    );
    return Number(rows[0]!.reached);
  }

  async round(): Promise<void> {
    await this.cover();
    await this.check();
  }

  private async cover(): Promise<void> {
    let left = this.options.most;
    const { rows } = await this.pool.query<{ logId: number; from: string; to: string }>({
      name: 'coverage_due',
      text: `SELECT opened.log_id AS "logId", coalesce(covered.index, 0) AS from, opened.index AS to
        FROM verification.opened_until AS opened LEFT JOIN verification.covered_until AS covered USING (log_id)
        WHERE opened.index > coalesce(covered.index, 0) ORDER BY log_id`,
    });
    for (const { logId, from, to } of rows) {
      for (let reached = Number(from); reached < Number(to) && left > 0 && !this.rounds.stopping; left -= 1) {
        const next = await this.coverNext(logId, Number(to));
        // a generation before it is not opened
        if (next <= reached) break;
        reached = next;
      }
    }
  }

  private async check(): Promise<void> {
    for (let n = 0; n < this.options.most && !this.rounds.stopping; n += 1) {
      const { rows } = await this.pool.query<{ logId: number; first: string; differing: number }>(
        'SELECT log_id AS "logId", first, differing FROM verification.check_covered($1)',
        [this.options.width],
      );
      const [checked] = rows;
      if (!checked) return;
      checkedTotal.inc();
      if (checked.differing > 0) await this.alarm(checked.logId, checked.differing);
    }
  }

  private async alarm(logId: number, differing: number): Promise<void> {
    repairedTotal.inc(differing);
    const { rows } = await this.pool.query<{ institutionId: string }>(
      'SELECT institution_id AS "institutionId" FROM verification.log WHERE id = $1',
      [logId],
    );
    this.log.event('error', 'coverage differs from the evidence and was set right', {
      institutionId: rows[0]?.institutionId,
      count: differing,
    });
  }
}
