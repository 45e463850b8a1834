import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { elementNames } from '#contracts';
import { KeyFolder } from '#service';
import { Pseudonymiser } from '../../apps/nik-verification/src/evidence/pseudonym.js';
import { nikOf, registerNumberOf } from './rows.js';

/** Look-ups of one statement. */
const batch = 5_000;
const latencyMs = 40;

export interface Office {
  institutionId: string;
  agreementId: string;
}

/**
 * The evidence of one look-up of each person, with outcome FOUND, as it stands in the database; the triggers queue it for the log.
 *
 * @param keyDir folder of the keys of nik-verification
 */
export async function writeLookUps(client: pg.Client, keyDir: string, office: Office, people: number): Promise<void> {
  const pseudonyms = await new Pseudonymiser(new KeyFolder(keyDir)).of(office.agreementId);
  for (let first = 0; first < people; first += batch) {
    const some = Array.from({ length: Math.min(batch, people - first) }, (_, n) => first + n);
    await client.query(
      `INSERT INTO verification.access_event (id, at, kind, verification_id, institution_id, agreement_version_id, client_id,
         service, case_reference, reference_hmac, mode, fields, nik_hmac, hit_state, outcome, latency_ms)
       SELECT uuidv7(), clock_timestamp(), kind, look_up.id, $1, (SELECT id FROM access.agreement_version WHERE agreement_id = $2 LIMIT 1),
         'bench', 'SKU', reference, reference_hmac, 'LOOKUP', $3, nik_hmac, hit, outcome, latency
       FROM unnest($4::uuid[], $5::text[], $6::bytea[], $7::bytea[]) AS look_up (id, reference, reference_hmac, nik_hmac),
         LATERAL (VALUES ('REQUESTED', 'reserved', NULL, NULL), ('ANSWERED', 'confirmed', 'FOUND', ${latencyMs}))
           AS event (kind, hit, outcome, latency)`,
      [
        office.institutionId,
        office.agreementId,
        [...elementNames],
        some.map(() => uuidv7()),
        some.map(registerNumberOf),
        some.map((n) => pseudonyms.reference(registerNumberOf(n))),
        some.map((n) => pseudonyms.nik(nikOf(n))),
      ],
    );
  }
}
