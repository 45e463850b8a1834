import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import type { ActName, ProposalDetail } from '#contracts';
import { AppError } from '#service';
import type { Act, ActContext, Done } from './act.js';
import { record, type AdminActor } from './admin-record.js';
import { Administration, run } from './administration.service.js';
import { Proposal } from './entities.js';
import { describeProposal, getProposal } from './proposal-detail.js';

/** Separation of duties: what one person proposed, another one decides. */
@Injectable()
export class Proposals {
  private readonly acts: ReadonlyMap<ActName, Act>;

  /** @param acts those that need a second person */
  constructor(
    private readonly administration: Administration,
    acts: readonly Act[],
  ) {
    this.acts = new Map(acts.map((act) => [act.name, act]));
  }

  /**
   * Carries it out now, under the state of now: what was right when it was proposed may not be any more.
   *
   * @throws {AppError} SECOND_PERSON_REQUIRED, ROLE_NOT_ALLOWED, PROPOSAL_DECIDED, and whatever the act itself throws
   */
  async approve(actor: AdminActor, institutionId: string, id: string, reason: string): Promise<ProposalDetail> {
    return this.administration.finish((manager) =>
      this.administration.within(manager, actor, institutionId, (context) => this.carryOut(context, id, reason)),
    );
  }

  /** The same within a transaction that is open. */
  async carryOut(context: ActContext, id: string, reason: string): Promise<Done<ProposalDetail>> {
    const { manager, actor, institution } = context;
    const proposal = await getProposal(manager, institution.id, id);
    requireOpen(proposal, context);
    const act = this.acts.get(proposal.act);
    if (!act) throw new Error(`no act is called ${proposal.act}`);
    const input = act.input.parse(proposal.input);
    // asked anew: a quota may have been lowered since, so that this one is a rise now
    requireSecondPerson(proposal, actor, (await act.approvers?.(input, context)) ?? []);
    const done = await run(act, input, { ...context, proposal: { id, proposedBy: proposal.proposedBy } }, reason);
    await decide(context, proposal, 'approved', reason);
    return { ...done, result: await describeProposal(manager, id) };
  }

  async turnDown(
    actor: AdminActor,
    institutionId: string,
    id: string,
    decision: 'rejected' | 'withdrawn',
    reason: string,
  ): Promise<ProposalDetail> {
    return this.administration.transaction((manager) =>
      this.administration.within(manager, actor, institutionId, async (context) => {
        const proposal = await getProposal(manager, context.institution.id, id);
        requireOpen(proposal, context);
        if (decision === 'rejected') requireSecondPerson(proposal, actor, proposal.approvers);
        else if (actor.kind === 'person' && proposal.proposedBy !== actor.operatorId)
          throw new AppError('ROLE_NOT_ALLOWED');
        await decide(context, proposal, decision, reason);
        await record(manager, {
          institutionId,
          act: decision === 'rejected' ? 'proposal.reject' : 'proposal.withdraw',
          subject: { type: 'proposal', id },
          actor,
          proposalId: id,
          reason,
        });
        return describeProposal(manager, id);
      }),
    );
  }
}

function requireOpen(proposal: Proposal, { now }: ActContext): void {
  if (proposal.decision !== null || proposal.expiresAt <= now) throw new AppError('PROPOSAL_DECIDED');
}

function requireSecondPerson(proposal: Proposal, actor: AdminActor, approvers: readonly string[]): void {
  if (actor.kind !== 'person' || proposal.proposedBy === actor.operatorId) throw new AppError('SECOND_PERSON_REQUIRED');
  if (!approvers.includes(actor.role)) throw new AppError('ROLE_NOT_ALLOWED');
}

async function decide(
  { manager, actor, now }: ActContext,
  proposal: Proposal,
  decision: 'approved' | 'rejected' | 'withdrawn',
  reason: string,
): Promise<void> {
  await manager.update(
    Proposal,
    { id: proposal.id, decision: IsNull() },
    {
      decision,
      decidedBy: actor.kind === 'person' ? actor.operatorId : null,
      decidedAt: now,
      decisionReason: reason,
    },
  );
}

/** Proposals that nobody decided in their time. Returns how many. */
export async function expireProposals(manager: EntityManager, now: Date): Promise<number> {
  const late = await manager.find(Proposal, {
    where: { decision: IsNull(), expiresAt: LessThanOrEqual(now) },
    take: 100,
  });
  for (const { id, institutionId } of late) {
    await manager.update(Proposal, { id }, { decision: 'expired', decidedAt: now });
    await record(manager, {
      institutionId,
      act: 'proposal.expire',
      subject: { type: 'proposal', id },
      actor: { kind: 'system' },
      proposalId: id,
    });
  }
  return late.length;
}
