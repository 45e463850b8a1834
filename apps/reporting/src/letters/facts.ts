import type {
  getFigures,
  getRegister,
  LetterNumbering,
  NewLetter,
  readLetter,
  RegisterPerson,
  RpcInput,
  RpcOutput,
} from '#contracts';
import { jakartaDay, versionInForce, versionOn } from '#report';

export type OfficeRegister = RpcOutput<typeof getRegister>;
export type Agreement = OfficeRegister['agreements'][number];
/** O-05 columns of one official, that come with the question and are not kept. */
export type Official = RpcInput<typeof readLetter>['officials'][number];
export type LetterOf<K extends NewLetter['kind']> = Extract<NewLetter, { kind: K }>;

/** The duty that a breach notice answers (UU 27/2022 art. 46). */
export interface BreachDuty {
  number: string;
  receivedAt: Date;
}

/** What a letter is made of beside what it carries itself; as it stands when it is read. */
export interface LetterFacts {
  /** Date of the letter, `YYYY-MM-DD`. */
  on: string;
  number: string;
  letterhead: LetterNumbering['letterhead'];
  register: OfficeRegister;
  /** Everybody whom the letter names. */
  people: ReadonlyMap<string, RegisterPerson>;
  /** Who signs: the Camat of that day; null: nobody is on file, and a blank stands there. */
  camat: RegisterPerson | null;
  officials: readonly Official[];
  figures: RpcOutput<typeof getFigures> | null;
  duty: BreachDuty | null;
}

/** Who was Camat on a day; of several the one who came last. */
export function camatOn(people: Iterable<RegisterPerson>, on: string): RegisterPerson | null {
  const camats = [...people].filter(
    ({ role, activeFrom, activeUntil, revokedAt }) =>
      role === 'camat' &&
      activeFrom <= on &&
      (activeUntil === null || activeUntil >= on) &&
      (revokedAt === null || jakartaDay(revokedAt) > on),
  );
  return camats.reduce<RegisterPerson | null>(
    (last, one) => (last && last.activeFrom > one.activeFrom ? last : one),
    null,
  );
}

/** The agreement that the letter is about: in force on its date, else the one that was signed or began last. */
export function agreementOn(agreements: readonly Agreement[], on: string): Agreement | undefined {
  const latest = (all: readonly Agreement[]) =>
    [...all].sort((one, other) => (beginning(one) < beginning(other) ? -1 : 1)).at(-1);
  return latest(agreements.filter((one) => versionInForce(one, on) !== undefined)) ?? latest(agreements);
}

/** Hits a day that the agreement grants on a day; null: none of its versions has begun. */
export const quotaOn = (agreement: Agreement, on: string): number | null =>
  versionOn(agreement.versions, on)?.dailyQuota ?? null;

const beginning = ({ versions }: Agreement): string =>
  versions
    .map(({ validFrom }) => validFrom)
    .sort()
    .at(-1) ?? '';
