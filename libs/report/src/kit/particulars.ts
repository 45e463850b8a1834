import type { ReportedLeaf } from '#evidence';
import { openedHash } from '../opened-event.js';
import { readParticularsLine } from './lines.js';

export type Content = Record<string, unknown>;
export type Opened = { state: 'OPENED'; content: Content } | { state: 'ABSENT' | 'CHANGED' };

/** What is used of particulars: the rest is hashed and let go. */
const used = [
  'outcome',
  'tries',
  'service',
  'verificationId',
  'receipt',
  'contentHash',
  'version',
  'corrects',
  'after',
];

interface Held {
  hash: string | undefined;
  content: Content;
  isMet: boolean;
}

/** particulars.jsonl, held by the id of the event. */
export class Particulars {
  /** Lines that cannot be read, and those of an event that has one already. */
  malformed = 0;
  twice = 0;
  opened = 0;
  private readonly events = new Map<string, Held>();

  /** The next line, without its newline. */
  line(text: string): void {
    if (text.trim() === '') return;
    const event = readParticularsLine(text.trim());
    if (event === undefined) this.malformed += 1;
    else if (this.events.has(event.id)) this.twice += 1;
    else {
      const kept = used.filter((key) => Object.hasOwn(event.content, key)).map((key) => [key, event.content[key]]);
      const content = Object.fromEntries(kept) as Content;
      this.events.set(event.id, { hash: openedHash(event.salt, event.content), content, isMet: false });
    }
  }

  /** The particulars of a leaf, if they are those that it commits to. */
  open({ id, contentHash }: ReportedLeaf): Opened {
    const held = this.events.get(id);
    if (held === undefined) return { state: 'ABSENT' };
    held.isMet = true;
    if (contentHash === null || held.hash !== contentHash) return { state: 'CHANGED' };
    this.opened += 1;
    return { state: 'OPENED', content: held.content };
  }

  /** Look-ups that records of data balikan name. */
  *namedLookUps(): Iterable<string> {
    for (const { content } of this.events.values())
      if (content.receipt !== undefined && typeof content.verificationId === 'string') yield content.verificationId;
  }

  /** Ids of which the log has no leaf. */
  get foreign(): string[] {
    return [...this.events].filter(([, { isMet }]) => !isMet).map(([id]) => id);
  }
}
