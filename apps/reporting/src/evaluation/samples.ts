import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { sampleLookUps, type ReportActor, type Sample, type SampleRequest } from '#contracts';
import { RpcClient, type Call } from '#service';
import { marginMs, msUntil } from './deadline.js';

type Drawn = Omit<Sample, 'lookUps'>;

interface Row {
  id: string;
  institutionId: string;
  from: string;
  until: string;
  size: number;
  seed: string;
  origin: string;
  logSize: string;
  population: number;
  drawnAt: Date;
  drawnBy: string | null;
}

const columns = `id, institution_id AS "institutionId", period_from::text AS "from", period_until::text AS "until", size, seed,
  log_origin AS "origin", log_size AS "logSize", population, drawn_at AS "drawnAt", drawn_by AS "drawnBy"`;
/** Older ones stay on file and are not listed. */
const mostListed = 300;

/** Look-ups that an evaluator asks the office about (O-21), with what anybody needs to draw the same ones. */
@Injectable()
export class Samples {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly bus: Pick<RpcClient, 'call'>,
  ) {}

  /** On record before anybody has seen it: nobody draws until the look-ups suit them. @throws {AppError} as the contract has it */
  async draw({ operatorId }: ReportActor, request: SampleRequest, { deadlineAt }: Call): Promise<Sample> {
    const { institutionId, from, until, size, seed = randomBytes(16).toString('hex'), asOf } = request;
    const asked = { institutionId, from, until, size, seed, ...(asOf && { asOf }) };
    const drawn = await this.bus.call(sampleLookUps, asked, { deadlineMs: msUntil(deadlineAt - marginMs) });
    const { rows } = await this.pool.query<Row>(
      `INSERT INTO reporting.sample
         (id, institution_id, period_from, period_until, size, seed, log_origin, log_size, population, drawn_at, drawn_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, reporting.clock(), $10) RETURNING ${columns}`,
      [
        uuidv7(),
        institutionId,
        from,
        until,
        size,
        seed,
        drawn.asOf.origin,
        drawn.asOf.size,
        drawn.population,
        operatorId,
      ],
    );
    return { ...drawnOf(rows[0]!), lookUps: drawn.lookUps };
  }

  /** Newest first. */
  async list(institutionId: string): Promise<Drawn[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${columns} FROM reporting.sample WHERE institution_id = $1 ORDER BY id DESC LIMIT ${mostListed}`,
      [institutionId],
    );
    return rows.map(drawnOf);
  }
}

const drawnOf = ({ origin, logSize, drawnAt, ...row }: Row): Drawn => ({
  ...row,
  asOf: { origin, size: Number(logSize) },
  drawnAt: drawnAt.toISOString(),
});
