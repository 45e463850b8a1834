import type { ClientBase } from 'pg';

/** What a record is to say from now on; person and register number stay. */
export interface Correction {
  id: string;
  /** YYYY-MM-DD */
  tanggal: string;
  namaUsaha: string;
  jenisUsaha: string;
  kbli?: { kode: string; versi: string } | null | undefined;
}

/**
 * What was refused, or is dead, takes other content and is sent again. What has arrived, lies in a package, was never refused or is
 * in a worker's hands stays as it is.
 *
 * @returns the ids of those that were corrected
 */
export async function correct(client: ClientBase, corrections: readonly Correction[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE balikan.record SET register_date = given.register_date, business_name = given.business_name,
       business_type = given.business_type, kbli_code = given.kbli_code, kbli_version = given.kbli_version,
       state = 'WAITING', strikes = 0, due_at = balikan.clock()
     FROM unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS given (id, register_date, business_name, business_type, kbli_code, kbli_version)
     WHERE record.id = given.id AND record.claimed_until IS NULL
       AND (record.state = 'DEAD' OR record.state = 'WAITING' AND record.failure IN ('REFUSED', 'REFUSED_ON_MEDIA'))
     RETURNING record.id`,
    [
      corrections.map(({ id }) => id),
      corrections.map(({ tanggal }) => tanggal),
      corrections.map(({ namaUsaha }) => namaUsaha),
      corrections.map(({ jenisUsaha }) => jenisUsaha),
      corrections.map(({ kbli }) => kbli?.kode ?? null),
      corrections.map(({ kbli }) => kbli?.versi ?? null),
    ],
  );
  return rows.map(({ id }) => id);
}
