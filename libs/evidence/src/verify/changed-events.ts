import { toHex } from '../bytes.js';
import { type Findings } from './findings.js';
import { eventChanged, eventsReordered } from './of-events.js';

/**
 * Events that do not have the hash that is told for them. Whether they were changed, or only exchanged with one another while the
 * hashes stayed, shows at the end: then what one of them has is what is told for another.
 */
export class ChangedEvents {
  private readonly held: { index: number; told: string; found: string | undefined }[] = [];

  constructor(private readonly findings: Findings) {}

  add(index: number, told: Uint8Array, found: Uint8Array | null): void {
    if (this.held.length < 10_000) {
      this.held.push({ index, told: toHex(told), found: found === null ? undefined : toHex(found) });
    } else this.findings.add(eventChanged(index));
  }

  end(): void {
    const told = new Set(this.held.map((event) => event.told));
    for (const { index, found } of this.held) {
      this.findings.add(found !== undefined && told.has(found) ? eventsReordered(index) : eventChanged(index));
    }
  }
}
