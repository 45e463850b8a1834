import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ActName, Role } from '#contracts';
import { AppError } from '#service';
import type { Institution } from '../access/entities.js';
import type { AdminActor, Json } from './admin-record.js';

/** In what an act is done: one transaction, one institution that is locked for as long, one reading of the clock. */
export interface ActContext {
  manager: EntityManager;
  actor: AdminActor;
  institution: Institution;
  now: Date;
  /** Asia/Jakarta, `YYYY-MM-DD`. */
  today: string;
  /** Only checked: it is rolled back, so nothing may leave this database. */
  checkOnly: boolean;
  /** The proposal that is carried out, if it is one. */
  proposal?: { id: string; proposedBy: string | null };
}

export interface Done<R> {
  subject: { type: string; id: string };
  /** For the record: never a secret, never a NIK. */
  before: Json | null;
  after: Json | null;
  result: R;
  /** What could not be done outside of the database: it is on record, and thrown after the commit. */
  failure?: AppError;
  /** What has to follow the commit, and is made up for later when it fails. */
  afterCommit?: () => Promise<void>;
}

/** One administrative act: REST, the command line and an approved proposal all take this way. */
export interface Act<I = unknown, R = unknown> {
  readonly name: ActName;
  /** Without the reason; a proposal keeps it and reads it again when it is approved. */
  readonly input: z.ZodType<I>;
  /** Given: it waits for a second person of one of these roles. */
  approvers?(input: I, context: ActContext): Promise<Role[]>;
  perform(input: I, context: ActContext): Promise<Done<R>>;
}

/** Types input and result from one place. */
export const defineAct = <I, R>(act: Act<I, R>): Act<I, R> => Object.freeze(act);

export interface Issue {
  path: string;
  message: string;
}

/** @throws {AppError} REQUEST_INVALID with all of them, if there are any */
export function refuseInvalid(issues: Issue[]): void {
  if (issues.length > 0) throw new AppError('REQUEST_INVALID', { issues });
}

/** What is asked for does not fit the state that things are in. */
export const conflict = (message: string, path = ''): AppError =>
  new AppError('STATE_CONFLICT', { issues: [{ path, message }] });
