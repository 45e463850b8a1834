import type { AgreementTerms, Role } from '#contracts';

const dayMs = 86_400_000;
/** Asia/Jakarta is seven hours ahead all year. */
const jakartaMs = 7 * 3_600_000;

/** `null`: somebody at the machine. */
export type Who = { id: string; role: Role } | null;

export interface Person {
  id: string;
  from: string;
  until: string | null;
  revoked: boolean;
  assignment: number;
  nda: { assignment: number; signedOn: string }[];
}

export interface Application {
  id: string;
  expires: number | null;
  revoked: boolean;
  answering: string | null;
}

export interface Pks {
  id: string;
  versions: AgreementTerms[];
  sptjm: string[];
  steps: Set<string>;
  /** Was seen after its last day once: nothing opens it again. */
  ended: boolean;
  closing: boolean;
  closed: boolean;
}

/** What an approval brings about. */
export type Wish =
  | { kind: 'version'; agreement: string; terms: AgreementTerms }
  | { kind: 'close'; agreement: string }
  | { kind: 'lift' }
  | { kind: 'person'; person: string; from: string; until: string | null }
  | { kind: 'application'; application: string; expires: number | null | undefined };

export interface Pending {
  id: string;
  by: Who;
  until: number;
  wish: Wish;
}

const dayAfter = (day: string, days = 1): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

/** @throws when something was done that the clauses forbid */
function forbid(forbidden: boolean, what: string): void {
  if (forbidden) throw new Error(`was done, and must not be: ${what}`);
}

/** One office on paper: told of what succeeded, it says by itself who may look up. It shares nothing with the product. */
export class Paper {
  readonly agreements: Pks[] = [];
  readonly people: Person[] = [];
  readonly applications: Application[] = [];
  pending: Pending[] = [];
  private stoppedBy: Role | null = null;

  constructor(public now: number) {}

  get today(): string {
    return this.day(0);
  }

  /** @param offset days from today */
  day(offset: number): string {
    return new Date(this.now + jakartaMs + offset * dayMs).toISOString().slice(0, 10);
  }

  goOn(ms: number): void {
    this.now += ms;
    this.noteEnded();
  }

  /** What has ended stays so, whatever comes on file later. */
  noteEnded(): void {
    for (const one of this.agreements) one.ended ||= (this.inEffect(one)?.validUntil ?? '9999') < this.today;
  }

  /** The last one whose day has come; before any has, the first. */
  private inEffect({ versions }: Pks): AgreementTerms | undefined {
    return versions.findLast(({ effectiveFrom }) => effectiveFrom <= this.today) ?? versions[0];
  }

  /** Those on whose terms something may be looked up today. */
  holding(): { id: string; version: number; terms: AgreementTerms }[] {
    return this.agreements.flatMap((one) => {
      const terms = this.inEffect(one);
      if (!terms || one.ended || one.closing || one.closed) return [];
      const signed = one.sptjm.some((day) => day <= this.today);
      const begun = terms.effectiveFrom <= this.today && terms.validFrom <= this.today;
      const holds = begun && this.today <= terms.validUntil && signed;
      return holds ? [{ id: one.id, version: one.versions.indexOf(terms) + 1, terms }] : [];
    });
  }

  /** @param person null: whoever answers for the application */
  allows(application: Application, person: string | null): boolean {
    const { expires, revoked, answering } = application;
    const somebody = this.people.find(({ id }) => id === (person ?? answering));
    if (!somebody || this.stoppedBy || revoked || (expires !== null && expires <= this.now)) return false;
    return this.isActive(somebody) && this.hasPledged(somebody) && this.holding().length > 0;
  }

  private isGone({ revoked, until }: Person): boolean {
    return revoked || (until !== null && until < this.today);
  }

  private isActive(person: Person): boolean {
    return !this.isGone(person) && person.from <= this.today;
  }

  private hasPledged({ nda, assignment }: Person): boolean {
    return nda.some((one) => one.assignment === assignment && one.signedOn <= this.today);
  }

  pledge(person: Person, signedOn: string): void {
    forbid(this.isGone(person), 'an NDA of somebody who has gone');
    person.nda.push({ assignment: person.assignment, signedOn });
  }

  limit(person: Person, until: string | null): void {
    if (until === person.until) return;
    forbid(this.isGone(person), 'somebody who has gone is brought back by one person');
    person.until = until;
  }

  replace(leaver: Person, from: string): void {
    forbid(this.isGone(leaver), 'somebody who has gone is replaced');
    if (from <= this.today) Object.assign(leaver, { revoked: true, until: this.today });
    else if (leaver.until === null || leaver.until >= from) leaver.until = dayAfter(from, -1);
  }

  expire(application: Application, expires: number | null): void {
    const { expires: before } = application;
    forbid(before !== null && before <= this.now, 'an application that has run out is brought back by one person');
    application.expires = expires;
  }

  stop(by: Role): void {
    forbid(this.stoppedBy !== null, 'a second stop');
    this.stoppedBy = by;
  }

  terminate(agreement: Pks): void {
    forbid(agreement.ended || agreement.closing || agreement.closed, 'what has ended is terminated');
    agreement.closing = true;
  }

  /** By the calendar. */
  beginClosing(agreement: Pks): void {
    forbid(!agreement.ended, 'the closing of an agreement that has not ended');
    agreement.closing = true;
  }

  step(agreement: Pks, name: string): void {
    forbid(!agreement.closing || agreement.closed, 'a closing step of what is not closing');
    agreement.steps.add(name);
  }

  /** Two people did it: was it right, and what is so from now on? */
  approve(pending: Pending, by: Who): void {
    forbid(this.settle(pending) || pending.until <= this.now, 'a proposal that was decided or has run out');
    forbid(by === null || by.id === pending.by?.id, 'an approval without a second person');
    const { wish } = pending;
    forbid(!this.approversOf(wish).includes(by?.role ?? 'operator'), `${wish.kind} approved by the role ${by?.role}`);
    this.fulfil(wish);
    this.noteEnded();
  }

  /** @returns whether somebody had settled it before */
  settle(pending: Pending): boolean {
    const open = this.pending.includes(pending);
    this.pending = this.pending.filter((one) => one !== pending);
    return !open;
  }

  private approversOf(wish: Wish): Role[] {
    if (wish.kind === 'lift' && this.stoppedBy === 'evaluator') return ['evaluator'];
    if (wish.kind === 'version') {
      const present = this.inEffect(this.agreement(wish.agreement));
      if (present && wish.terms.dailyQuota > present.dailyQuota) return ['evaluator'];
    }
    return ['camat', 'evaluator'];
  }

  private fulfil(wish: Wish): void {
    if (wish.kind === 'lift') {
      forbid(this.stoppedBy === null, 'the lifting of no stop');
      this.stoppedBy = null;
    } else if (wish.kind === 'version') {
      const one = this.agreement(wish.agreement);
      forbid(one.ended || one.closing || one.closed, 'new terms of what has ended');
      const last = one.versions.at(-1);
      forbid(last !== undefined && wish.terms.effectiveFrom > dayAfter(last.validUntil), 'new terms after a gap');
      one.versions.push(wish.terms);
    } else if (wish.kind === 'close') {
      const one = this.agreement(wish.agreement);
      forbid(!one.closing || one.closed || one.steps.size < 3, 'the end of an agreement that still owes something');
      one.closed = true;
    } else if (wish.kind === 'person') this.bringBack(wish);
    else {
      const one = this.applications.find(({ id }) => id === wish.application);
      if (!one) throw new Error('no such application');
      const over = one.expires !== null && one.expires <= this.now;
      forbid(!one.revoked && !over, 'the return of an application that is active');
      const kept = over ? null : one.expires;
      Object.assign(one, { revoked: false, expires: wish.expires === undefined ? kept : wish.expires });
    }
  }

  private bringBack({ person, from, until }: Wish & { kind: 'person' }): void {
    const one = this.people.find(({ id }) => id === person);
    if (!one) throw new Error('no such person');
    forbid(!this.isGone(one), 'the return of somebody who is there');
    Object.assign(one, { revoked: false, from, until, assignment: one.assignment + 1 });
  }

  private agreement(id: string): Pks {
    const found = this.agreements.find((one) => one.id === id);
    if (!found) throw new Error('no such agreement');
    return found;
  }
}
