import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { ProposalDetail } from '#contracts';
import { AppError } from '#service';
import type { SessionRequest } from '../access/principal.js';
import type { Act, ActContext, Done } from './act.js';
import { clockOf, record, type AdminActor } from './admin-record.js';
import { Proposal } from './entities.js';
import { describeProposal } from './proposal-detail.js';
import { getVisibleInstitution } from './visible-institution.js';

/** Days that a proposal waits for its second person. */
const proposalDays = 30;

export const actorOf = ({ facts }: SessionRequest): AdminActor => ({
  kind: 'person',
  operatorId: facts.operator.id,
  role: facts.operator.role,
  institutionId: facts.institution.id,
});

/** The one way by which something is changed: locked, checked, done and put on record in one transaction. */
@Injectable()
export class Administration {
  constructor(private readonly database: DataSource) {}

  /** Does what one person may do. */
  async perform<I, R>(act: Act<I, R>, actor: AdminActor, institutionId: string, input: I, reason: string): Promise<R> {
    return this.finish((manager) =>
      this.within(manager, actor, institutionId, (context) => run(act, input, context, reason)),
    );
  }

  /** Keeps it for a second person. It is tried first, so that whoever proposes learns of every fault at once. */
  async propose<I>(
    act: Act<I>,
    actor: AdminActor,
    institutionId: string,
    input: I,
    reason: string,
  ): Promise<ProposalDetail> {
    return this.transaction((manager) =>
      this.within(manager, actor, institutionId, (context) => keepProposal(act, input, context, reason)),
    );
  }

  /** Reads in one transaction, of an institution that the person may see. */
  async read<R>(actor: AdminActor, institutionId: string, work: (context: ActContext) => Promise<R>): Promise<R> {
    return this.transaction(async (manager) => {
      const institution = await getVisibleInstitution(manager, actor, institutionId);
      return work({ manager, actor, institution, checkOnly: true, ...(await clockOf(manager)) });
    });
  }

  async transaction<R>(work: (manager: EntityManager) => Promise<R>): Promise<R> {
    try {
      return await this.database.transaction(work);
    } catch (error) {
      throw fromDatabase(error);
    }
  }

  /** A transaction, and what has to follow its commit. */
  async finish<R>(work: (manager: EntityManager) => Promise<Done<R>>): Promise<R> {
    const done = await this.transaction(work);
    if (done.failure) throw done.failure;
    await done.afterCommit?.();
    return done.result;
  }

  /** Locks the institution: acts on one institution never cross each other. */
  async within<R>(
    manager: EntityManager,
    actor: AdminActor,
    institutionId: string,
    work: (context: ActContext) => Promise<R>,
  ): Promise<R> {
    const institution = await getVisibleInstitution(manager, actor, institutionId, true);
    return work({ manager, actor, institution, checkOnly: false, ...(await clockOf(manager)) });
  }
}

/** Does an act and puts it on record. */
export async function run<I, R>(act: Act<I, R>, input: I, context: ActContext, reason: string): Promise<Done<R>> {
  const done = await act.perform(input, context);
  await record(context.manager, {
    institutionId: context.institution.id,
    act: act.name,
    subject: done.subject,
    actor: context.actor,
    proposalId: context.proposal?.id ?? null,
    before: done.before,
    after: done.failure ? { ...done.after, failed: done.failure.code } : done.after,
    reason,
  });
  return done;
}

/** @throws whatever doing it would throw now */
export async function keepProposal<I>(
  act: Act<I>,
  input: I,
  context: ActContext,
  reason: string,
): Promise<ProposalDetail> {
  const { manager, actor, institution, now } = context;
  const approvers = await act.approvers?.(input, context);
  if (!approvers) throw new Error(`${act.name} needs no second person`);
  await rehearse(act, input, context);
  const { identifiers } = await manager.insert(Proposal, {
    institutionId: institution.id,
    act: act.name,
    input: input as never,
    reason,
    approvers,
    proposedBy: actor.kind === 'person' ? actor.operatorId : null,
    proposedAt: now,
    expiresAt: new Date(now.getTime() + proposalDays * 86_400_000),
  });
  const id = (identifiers[0] as { id: string }).id;
  await record(manager, {
    institutionId: institution.id,
    act: 'proposal.propose',
    subject: { type: 'proposal', id },
    actor,
    proposalId: id,
    after: { act: act.name, input, approvers },
    reason,
  });
  return describeProposal(manager, id);
}

/** Does it and takes it back. */
export async function rehearse<I>(act: Act<I>, input: I, context: ActContext): Promise<void> {
  await context.manager.query('SAVEPOINT rehearsal');
  try {
    await act.perform(input, { ...context, checkOnly: true });
  } finally {
    await context.manager.query('ROLLBACK TO SAVEPOINT rehearsal');
  }
}

/** SQLSTATE of a unique violation (PostgreSQL, appendix A). */
const uniqueViolation = '23505';

/** Connection lost, server shutting down, too many connections, time-outs: as SQLSTATE class or as Node's code. */
const unavailable = /^(08|53|57|E[A-Z]+$)/;

/** The driver's own words for the same, where it gives no code. */
const unavailableInWords =
  /^(Connection terminated|timeout exceeded when|Query read timeout|Client has encountered a connection)/;

function fromDatabase(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code } = (error as { driverError?: { code?: string } }).driverError ?? (error as { code?: string });
  if (code === uniqueViolation) return new AppError('ALREADY_EXISTS', {}, { cause: error });
  if (code === undefined ? unavailableInWords.test(error.message) : unavailable.test(code))
    return new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
  return error;
}
