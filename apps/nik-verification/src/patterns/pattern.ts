import type { Pool } from 'pg';
import type { countPatterns, PatternReport, RpcInput } from '#contracts';

export type Pattern = PatternReport['patterns'][number];
export type PatternQuestion = RpcInput<typeof countPatterns>;

/** One rule that an evaluator can put to a Camat: what it counts, with which parameters, and why it is worth a question. */
export interface PatternRule {
  name: Pattern['name'];
  /** Indonesian. */
  explain(parameters: PatternQuestion['parameters']): string;
  /** Parameters that it uses. */
  uses: readonly (keyof PatternQuestion['parameters'])[];
  /**
   * SQL that gives a row for each thing counted: `operator_id` and `look_up`, the one to ask about, with its `at`. $1 institution,
   * $2 and $3 first and last day, $4... the parameters in the order of `uses`.
   */
  sql: string;
}

/** Look-ups that are named at most. */
const mostExamples = 20;

/** Look-ups of the period, with all that a rule may look at but never gives out. */
export const askedInPeriod = `
  SELECT * FROM verification.access_event
  WHERE kind = 'REQUESTED' AND hit_state = 'reserved' AND institution_id = $1
    AND at >= verification.jakarta_midnight($2) AND at < verification.jakarta_midnight($3::date + 1)`;

export async function countPattern(pool: Pool, rule: PatternRule, question: PatternQuestion): Promise<Pattern> {
  const { institutionId, from, until, parameters } = question;
  const { rows } = await pool.query<{ operatorId: string | null; count: number; examples: string[] }>(
    `WITH counted AS MATERIALIZED (${rule.sql})
     SELECT operator_id AS "operatorId", count(*)::int AS count,
       ARRAY(SELECT look_up FROM counted ORDER BY at, look_up LIMIT ${mostExamples}) AS examples
     FROM counted GROUP BY operator_id ORDER BY operator_id NULLS LAST`,
    [institutionId, from, until, ...rule.uses.map((name) => parameters[name])],
  );
  return {
    name: rule.name,
    explanation: rule.explain(parameters),
    parameters: Object.fromEntries(rule.uses.map((name) => [name, parameters[name]])),
    total: rows.reduce((sum, { count }) => sum + count, 0),
    byOperator: rows.map(({ operatorId, count }) => ({ operatorId, count })),
    examples: rows[0]?.examples ?? [],
  };
}
