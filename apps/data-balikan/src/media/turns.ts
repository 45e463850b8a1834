import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { inTransaction } from '#service';

/**
 * One connection for those who read and those who write at the same time: each statement waits for the one before. After
 * {@link close} none begins any more, so that nothing runs behind the end of the transaction.
 */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly client: PoolClient) {}

  query<R extends QueryResultRow>(text: string, values: unknown[] = []): Promise<QueryResult<R>> {
    const turn = this.last.then(() => {
      if (this.closed) throw new Error('the transaction has ended');
      return this.client.query<R>(text, values);
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }
}

/** Everything of `work`, or nothing. */
export const inTurns = <T>(pool: Pool, work: (turns: Turns) => Promise<T>): Promise<T> =>
  inTransaction(pool, async (client) => {
    const turns = new Turns(client);
    try {
      return await work(turns);
    } finally {
      await turns.close();
    }
  });
