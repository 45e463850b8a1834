import type pg from 'pg';

/** As many as the sequencer takes in one transaction. */
const batch = 5_000;

/**
 * The baseline of sequencing: the same rows with the same hashes, in transactions of the same size, into a table with the same
 * columns and indexes, and no log: no queue that is emptied, no tree, no leader.
 */
export class PlainCopy {
  private copied = 0;
  private first: number | undefined;

  private constructor(private readonly client: pg.Client) {}

  static async open(client: pg.Client): Promise<PlainCopy> {
    await client.query('CREATE SCHEMA bench');
    await client.query('CREATE TABLE bench.plain (LIKE verification.log_leaf INCLUDING ALL)');
    return new PlainCopy(client);
  }

  /** The next rows of the queue, or of the log when they stand there by now. Returns rows a second. */
  async copy(institutionId: string, source: 'queue' | 'log', count: number): Promise<number> {
    const startedAt = performance.now();
    for (const end = this.copied + count; this.copied < end; this.copied += batch)
      await this.copyBatch(institutionId, source, Math.min(batch, end - this.copied));
    return count / ((performance.now() - startedAt) / 1_000);
  }

  async close(): Promise<void> {
    await this.client.query('DROP SCHEMA bench CASCADE');
  }

  private async copyBatch(institutionId: string, source: 'queue' | 'log', count: number): Promise<void> {
    const rows =
      source === 'queue'
        ? `SELECT 0, position - $4, event_id, verification_id, leaf_hash FROM verification.log_pending
           WHERE institution_id = $1 AND position >= $2::bigint + $4 AND position < $2::bigint + $3 + $4`
        : `SELECT 0, index - $4, event_id, verification_id, leaf_hash FROM verification.log_leaf
           WHERE log_id = (SELECT id FROM verification.log WHERE institution_id = $1)
             AND index >= $2::bigint + $4 AND index < $2::bigint + $3 + $4`;
    const first = source === 'queue' ? await this.firstInQueue(institutionId) : 0;
    const values = [institutionId, this.copied, count, first];
    const { rowCount } = await this.client.query(`INSERT INTO bench.plain ${rows}`, values);
    if (rowCount !== count) throw new Error(`the baseline copied ${rowCount} rows instead of ${count}`);
  }

  private async firstInQueue(institutionId: string): Promise<number> {
    if (this.first === undefined) {
      const { rows } = await this.client.query<{ first: string }>(
        'SELECT min(position) AS first FROM verification.log_pending WHERE institution_id = $1',
        [institutionId],
      );
      this.first = Number(rows[0]?.first);
    }
    return this.first;
  }
}
