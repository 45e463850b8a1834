import type { EntitySubscriberInterface, InsertEvent } from 'typeorm';
import type { TransactionCommitEvent } from 'typeorm/subscriber/event/TransactionCommitEvent.js';
import { AdminEvent } from '../administration/entities.js';

const recorded = Symbol('an act was put on record');

/** Calls `wake` when a transaction of this process in which an act was put on record has been committed. */
export class WakeOnRecord implements EntitySubscriberInterface<AdminEvent> {
  constructor(private readonly wake: () => void) {}

  listenTo() {
    return AdminEvent;
  }

  afterInsert({ queryRunner }: InsertEvent<AdminEvent>): void {
    (queryRunner.data as Marks)[recorded] = true;
  }

  /** Of every transaction, whatever was done in it; of a savepoint, too. */
  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const marks = queryRunner.data as Marks;
    if (!marks[recorded] || queryRunner.isTransactionActive) return;
    marks[recorded] = false;
    this.wake();
  }
}

/** What TypeORM keeps for subscribers, as long as one transaction or query has its connection. */
interface Marks {
  [recorded]?: boolean;
}
