import { IsNull, type EntityManager } from 'typeorm';
import type { ProposalDetail, Role } from '#contracts';
import { AppError } from '#service';
import { Operator } from '../access/entities.js';
import { Proposal } from './entities.js';
import { isUuid } from './visible-institution.js';

const decidedShown = 100;

/** @throws {AppError} RESOURCE_NOT_FOUND */
export async function getProposal(manager: EntityManager, institutionId: string, id: string): Promise<Proposal> {
  const proposal = isUuid(id) ? await manager.findOneBy(Proposal, { id, institutionId }) : null;
  if (!proposal) throw new AppError('RESOURCE_NOT_FOUND');
  return proposal;
}

export async function describeProposal(manager: EntityManager, id: string): Promise<ProposalDetail> {
  const proposal = await manager.findOneByOrFail(Proposal, { id });
  const [detail] = await describeAll(manager, [proposal]);
  if (!detail) throw new Error('one proposal has one detail');
  return detail;
}

/** Those that wait, then those that were decided last. */
export async function describeProposals(manager: EntityManager, institutionId: string): Promise<ProposalDetail[]> {
  const open = await manager.find(Proposal, { where: { institutionId, decision: IsNull() }, order: { id: 'DESC' } });
  const last = await manager.find(Proposal, { where: { institutionId }, order: { id: 'DESC' }, take: decidedShown });
  return describeAll(manager, [...open, ...last.filter(({ decision }) => decision !== null)]);
}

async function describeAll(manager: EntityManager, proposals: Proposal[]): Promise<ProposalDetail[]> {
  const people = await peopleOf(
    manager,
    proposals.flatMap(({ proposedBy, decidedBy }) => [proposedBy, decidedBy]),
  );
  return proposals.map((one) => ({
    id: one.id,
    act: one.act,
    input: one.input,
    reason: one.reason,
    approvers: one.approvers,
    proposedBy: people(one.proposedBy),
    proposedAt: one.proposedAt.toISOString(),
    expiresAt: one.expiresAt.toISOString(),
    decision: one.decision,
    decidedBy: people(one.decidedBy),
    decidedAt: one.decidedAt?.toISOString() ?? null,
    decisionReason: one.decisionReason,
  }));
}

/** Names of those who acted, asked for once. */
export async function peopleOf(
  manager: EntityManager,
  ids: readonly (string | null)[],
): Promise<(id: string | null) => { id: string; name: string; role: Role } | null> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const rows =
    wanted.length === 0
      ? []
      : await manager.findBy(
          Operator,
          wanted.map((id) => ({ id })),
        );
  const byId = new Map(rows.map((row) => [row.id, { id: row.id, name: row.fullName, role: row.role }]));
  return (id) => (id === null ? null : (byId.get(id) ?? null));
}
