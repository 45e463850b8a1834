import type { ReadEvent } from '#contracts/readers/agent';
import type { ReadResult } from '#contracts/readers/result';

/** A read says a dozen things; one that says more than this is cut off, but its result is told. */
const mostEvents = 50;

interface Waiting {
  event: ReadEvent;
  permit: string;
}

/** What a read has to say, in order; kept over a short break of the line, in memory alone. */
export class Outbox {
  private waiting: Waiting[] = [];

  constructor(private readonly publish: (event: ReadEvent) => boolean) {}

  /** Numbers the events of one read. */
  of(readId: string, permit: string): (event: ReadEvent['event']) => void {
    let n = 0;
    return (event) => {
      if (event.kind === 'progress' && n >= mostEvents) return;
      this.send({ event: { readId, n: n++, event }, permit });
    };
  }

  flush(): void {
    while (this.waiting[0] && this.publish(this.waiting[0].event)) this.waiting.shift();
  }

  /** Gives up: the results that nobody was told, without what the card said. */
  forget(): { result: Pick<ReadResult, 'outcome' | 'tries'>; permit: string }[] {
    const untold = this.waiting.flatMap(({ event: { event }, permit }) =>
      event.kind === 'result' ? [{ result: { outcome: event.result.outcome, tries: event.result.tries }, permit }] : [],
    );
    this.waiting = [];
    return untold;
  }

  private send(one: Waiting): void {
    if (this.waiting.length > 0 || !this.publish(one.event)) this.waiting.push(one);
    // one read at a time, so there are never more than two in here
    if (this.waiting.length > 2 * mostEvents) this.waiting.shift();
  }
}
