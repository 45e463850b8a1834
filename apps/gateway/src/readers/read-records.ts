import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Actor, ElementName, ErrorCode, Purpose, ReadOutcome, ResultLevel } from '#contracts';
import { AppError } from '#service';

export interface ReadBeginning {
  readerId: string;
  actor: Actor;
  purpose: Purpose;
  elements: ElementName[];
  deadlineMs: number;
}

export interface ReadEnding {
  outcome: ReadOutcome | ErrorCode;
  tries?: number | undefined;
  level?: ResultLevel | null;
  verificationId?: string | undefined;
}

/** Who a read was begun by. */
export interface OpenRead {
  id: string;
  readerId: string;
  institutionId: string;
  operatorId: string;
}

/** Reads on record: without one nothing is ordered, and without its end nothing is shown. */
export class ReadRecords {
  /** @param onEnd one has been written to its end */
  constructor(
    private readonly pool: Pool,
    private readonly onEnd: () => void = () => undefined,
  ) {}

  /** @throws {AppError} EVIDENCE_UNAVAILABLE: then no order leaves */
  async begin({ readerId, actor, purpose, elements, deadlineMs }: ReadBeginning): Promise<string> {
    const id = uuidv7();
    await this.write({
      name: 'begin_read',
      text: `
        INSERT INTO access.reader_read (id, reader_id, institution_id, agreement_version_id, client_id, operator_id, service,
          reference, elements, began_at, deadline_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, now.at, now.at + make_interval(secs => $10)
        FROM (SELECT access.clock() AS at OFFSET 0) AS now`,
      values: [
        id,
        readerId,
        actor.institutionId,
        actor.agreementVersionId,
        actor.clientId,
        actor.operatorId,
        purpose.service,
        purpose.reference,
        elements,
        deadlineMs / 1_000,
      ],
    });
    return id;
  }

  /** @throws {AppError} EVIDENCE_UNAVAILABLE also when somebody else has written its end: then its answer is not shown */
  async end(id: string, { outcome, tries, level, verificationId }: ReadEnding): Promise<void> {
    const rows = await this.write({
      name: 'end_read',
      text: `
        UPDATE access.reader_read SET ended_at = access.clock(), outcome = $2, tries = $3, level = $4, verification_id = $5
        WHERE id = $1 AND ended_at IS NULL`,
      values: [id, outcome, tries ?? null, level ?? null, verificationId ?? null],
    });
    if (rows === 0) throw new AppError('EVIDENCE_UNAVAILABLE');
    this.onEnd();
  }

  async findOpen(id: string): Promise<OpenRead | undefined> {
    const { rows } = await this.pool.query<OpenRead>({
      name: 'find_open_read',
      text: `SELECT id, reader_id AS "readerId", institution_id AS "institutionId", operator_id AS "operatorId"
        FROM access.reader_read WHERE id = $1`,
      values: [id],
    });
    return rows[0];
  }

  /**
   * Ends what a gateway that died has left open. For housekeeping.
   *
   * @returns how many
   */
  async endLeftOpen(): Promise<number> {
    const { rowCount } = await this.pool.query(`
      UPDATE access.reader_read SET ended_at = access.clock(), outcome = 'AGENT_LOST'
      WHERE ended_at IS NULL AND deadline_at < access.clock() - interval '1 minute'`);
    return rowCount ?? 0;
  }

  private async write(query: { name: string; text: string; values: unknown[] }): Promise<number> {
    try {
      return (await this.pool.query(query)).rowCount ?? 0;
    } catch (cause) {
      throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 2 }, { cause });
    }
  }
}
