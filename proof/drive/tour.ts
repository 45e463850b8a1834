import { roles } from '#contracts';
import type { Installation } from '../installation/installation.js';
import { Caller } from './caller.js';
import type { CanaryBook } from './canary-book.js';
import { makeOffices, type Office, type OfficeKey, type Offices } from './offices.js';
import { logInAs, type People } from './people.js';
import { Sandbox } from './sandbox.js';

export type Scale = 'small' | 'full';

/** What a stretch of the drive works with. */
export class Tour {
  readonly caller: Caller;
  readonly sandbox: Sandbox;
  private readonly pending: Promise<unknown>[] = [];
  private made: Offices | undefined;
  private loggedIn: People | undefined;

  constructor(
    readonly installation: Installation,
    readonly canaries: CanaryBook,
    readonly scale: Scale,
  ) {
    this.caller = new Caller(installation);
    this.sandbox = new Sandbox(installation.sandbox.controlUrl);
  }

  async begin(): Promise<void> {
    this.made = await makeOffices(this.installation, this.sandbox);
  }

  get logIns(): Offices['logIns'] {
    if (!this.made) throw new Error('the offices are not there yet');
    return this.made.logIns;
  }

  /** Logged in at the first call: a code counts once. */
  async people(): Promise<People> {
    if (this.loggedIn) return this.loggedIn;
    const people: Partial<People> = {};
    for (const role of roles) people[role] = await logInAs(this.caller, role, this.logIns[role]);
    return (this.loggedIn = people as People);
  }

  office(key: OfficeKey): Office {
    if (!this.made) throw new Error('the offices are not there yet');
    return this.made.all[key];
  }

  /** How often something is done that may show more when it is repeated. */
  get times(): number {
    return this.scale === 'full' ? 10 : 1;
  }

  /** Answers that are not worth waiting for now: the gateway waits for a look-up service that is gone as long as it was told to. */
  leave(answers: Promise<unknown>): void {
    this.pending.push(answers);
  }

  async settle(): Promise<void> {
    await Promise.all(this.pending.splice(0));
  }

  /** As the superuser. */
  async sql<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = await this.installation.connect();
    try {
      return (await client.query(text, values)).rows as T[];
    } finally {
      await client.end();
    }
  }

  /** As if the time had passed that the way to the ministry stays shut, or an admin had mended it. */
  async openGates(): Promise<void> {
    await this.sql('DELETE FROM verification.upstream_gate');
  }
}

/** Looks again until it is so. @throws by name, when it does not come about */
export async function until(what: string, isSo: () => Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const late = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > late) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
