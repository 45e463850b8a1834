import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { ReportState } from '#contracts';
import { canonicalJson, contentHash } from '#evidence';

/** Who did a step; nobody for the calendar. */
export interface Doer {
  operatorId: string | null;
  name: string | null;
}

export interface Step {
  reportId: string;
  institutionId: string;
  act: string;
  by: Doer;
  /** How it was handed in, the verdict, or why it was discarded; for the views. */
  said: Record<string, unknown>;
  /** What the evidence log commits to (docs/evidence-format.md, REPORT). */
  particulars: {
    contentHash: string;
    /** The version that this one replaces: who has the old one's kit learns of it. */
    corrects: string | null;
    note: string | null;
    state: ReportState;
    version: number;
  };
}

/**
 * Writes a step of a report, and what the evidence log has to be told of it, in the transaction of the step. The report's row is
 * locked, or was just made.
 */
export async function addStep(client: ClientBase, step: Step): Promise<void> {
  const salt = randomBytes(32);
  await client.query(
    `WITH step AS (
       INSERT INTO reporting.report_step (report_id, n, id, at, act, actor_id, actor_name, said, salt, particulars)
       SELECT $1, coalesce(max(n), 0) + 1, $2, reporting.clock(), $3, $4, $5, $6, $7, $8
       FROM reporting.report_step WHERE report_id = $1
       RETURNING id, at, act, actor_id, report_id)
     INSERT INTO reporting.evidence_outbox (id, at, institution_id, act, actor_id, subject, content_hash)
     SELECT id, at, $9, act, actor_id, report_id, $10 FROM step`,
    [
      step.reportId,
      uuidv7(),
      step.act,
      step.by.operatorId,
      step.by.name,
      step.said,
      salt,
      canonicalJson(step.particulars),
      step.institutionId,
      Buffer.from(contentHash(salt, step.particulars)),
    ],
  );
}
