import type pg from 'pg';

/** Whether anything was sealed or recognised with the keys of an agreement. */
export const agreementRows =
  (pool: pg.Pool) =>
  async (agreementId: string): Promise<boolean> => {
    const { rows } = await pool.query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM balikan.record WHERE agreement_id = $1)
         OR EXISTS (SELECT FROM balikan.destination WHERE agreement_id = $1)
         OR EXISTS (SELECT FROM balikan.batch WHERE agreement_id = $1) AS there`,
      [agreementId],
    );
    return rows[0]?.there ?? true;
  };
