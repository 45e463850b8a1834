import type { ClientBase } from 'pg';

/** A record that is to be, and the look-ups that it may hang on, best first. */
export interface Choice {
  candidates: readonly [string, ...string[]];
  agreementId: string;
  personHmac: Buffer;
  registerKey: string;
}

// each look into the table is a subquery of one row: by the index, whatever the planner takes the table for
const question = `
  SELECT
    ARRAY(
      SELECT (SELECT true FROM balikan.record WHERE agreement_id = given.agreement_id AND person_hmac = given.person_hmac
        AND register_key = given.register_key) IS NOT NULL
      FROM unnest($2::uuid[], $3::bytea[], $4::text[]) WITH ORDINALITY AS given (agreement_id, person_hmac, register_key, n)
      ORDER BY n) AS there,
    ARRAY(
      SELECT look_up FROM unnest($5::uuid[]) AS look_up
      WHERE (SELECT true FROM balikan.record WHERE institution_id = $1 AND verification_id = look_up LIMIT 1)) AS recorded`;

/**
 * For each record the look-up that it hangs on: the best one without a record, so that no look-up stays owed because another one
 * has two (O-07). In the transaction that inserts them: what it inserted before counts. Where there is no choice nothing is asked.
 */
export async function chooseLookUps(
  client: ClientBase,
  institutionId: string,
  choices: readonly Choice[],
): Promise<string[]> {
  const open = choices.filter(({ candidates }) => candidates.length > 1);
  if (open.length === 0) return choices.map(({ candidates }) => candidates[0]);
  const { rows } = await client.query<{ there: boolean[]; recorded: string[] }>(question, [
    institutionId,
    open.map(({ agreementId }) => agreementId),
    open.map(({ personHmac }) => personHmac),
    open.map(({ registerKey }) => registerKey),
    [...new Set(open.flatMap(({ candidates }) => candidates))],
  ]);
  const named = choices.flatMap(({ candidates }) => (candidates.length === 1 ? [candidates[0]] : []));
  const taken = new Set([...(rows[0]?.recorded ?? []), ...named]);
  // a record that is there, or comes in twice, takes none
  const there = new Set(open.filter((_, index) => rows[0]?.there[index]).map(recordOf));
  return choices.map((choice) => {
    const { candidates } = choice;
    if (candidates.length === 1 || there.has(recordOf(choice))) return candidates[0];
    const chosen = candidates.find((id) => !taken.has(id)) ?? candidates[0];
    taken.add(chosen);
    there.add(recordOf(choice));
    return chosen;
  });
}

const recordOf = ({ agreementId, personHmac, registerKey }: Choice): string =>
  `${agreementId} ${personHmac.toString('base64')} ${registerKey}`;
