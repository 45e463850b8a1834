/** A moment as evidence writes it. */
export const utc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// What is on record of a read and not in its leaf, as it is hashed (docs/evidence-format.md); never a person.

/** Of a row of `access.reader_read` that has ended. */
export const contentOfRead = `jsonb_build_object('beganAt', ${utc('began_at')}, 'agreementVersionId', agreement_version_id,
  'clientId', client_id, 'service', service, 'reference', reference, 'elements', elements, 'outcome', outcome, 'tries', tries,
  'level', level, 'verificationId', verification_id)`;

/** Of a row of `access.reader_offline`. */
export const contentOfOffline = `jsonb_build_object('at', ${utc('at')}, 'agreementVersionId', agreement_version_id,
  'outcome', outcome, 'tries', tries, 'permitted', permitted,
  'level', CASE WHEN outcome = 'MATCHED' AND permitted THEN 'pending' END)`;
