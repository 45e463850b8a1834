import { conflict, type ActContext } from '../administration/act.js';
import { AdminEvent, Proposal } from '../administration/entities.js';
import { peopleOf } from '../administration/proposal-detail.js';
import { describeAgreement, getAgreementFile } from './agreement-detail.js';
import { samLines } from '../readers/sams-at-closing.js';
import { versionOn } from './agreement-state.js';
import type { ClosingPerson, ClosingStatementData } from './closing-statement.js';

const actsOfTheEnd = [
  'agreement.terminate',
  'agreement.begin-closing',
  'agreement.record-closing-step',
  'agreement.close',
];

/**
 * What the berita acara says, from the record alone.
 *
 * @throws {AppError} STATE_CONFLICT as long as the agreement is not closed
 */
export async function closingStatementOf(context: ActContext, agreementId: string): Promise<ClosingStatementData> {
  const { manager, institution, today } = context;
  const file = await getAgreementFile(manager, institution.id, agreementId);
  const { agreement, versions } = file;
  const { closedAt } = agreement;
  if (!closedAt) throw conflict('Berita acara dibuat sesudah perjanjian ditutup.', 'agreementId');
  const events = await manager.find(AdminEvent, {
    where: { institutionId: institution.id, subjectType: 'agreement', subjectId: agreementId },
    order: { id: 'ASC' },
  });
  const ofTheEnd = events.filter(({ act }) => actsOfTheEnd.includes(act));
  const closure = ofTheEnd.find(({ act }) => act === 'agreement.close');
  if (!closure) throw new Error('a closed agreement has its closure on record');
  const proposal = closure.proposalId ? await manager.findOneBy(Proposal, { id: closure.proposalId }) : null;
  const people = await peopleOf(manager, [closure.actorId, proposal?.proposedBy ?? null]);
  const person = (id: string | null, at: Date): ClosingPerson => {
    const found = people(id);
    return { name: found?.name ?? null, role: found?.role ?? null, at };
  };
  const last = versionOn(versions, today) ?? versions.at(-1);
  const detail = describeAgreement(file, today);
  const sams = await samLines(manager, agreementId);
  const destroyed = (closure.after as { destroyedKeyIds?: string[] } | null)?.destroyedKeyIds ?? [];
  return {
    institution: { name: institution.name, regionCode: institution.regionCode, address: institution.address },
    agreement: {
      number: agreement.number,
      counterpartNumber: agreement.counterpartNumber,
      validFrom: last?.validFrom ?? agreement.signedOn ?? today,
      validUntil: last?.validUntil ?? agreement.signedOn ?? today,
      versions: versions.length,
      termination: agreement.terminatedAt
        ? { at: agreement.terminatedAt, reason: agreement.terminationReason ?? '' }
        : null,
    },
    steps: (detail.closing?.steps ?? []).map(({ done: _, ...step }) =>
      step.step === 'SAM_RETURNED' ? { ...step, note: [step.note, ...sams].filter(Boolean).join('; ') || null } : step,
    ),
    destroyedKeys: destroyed.map((name) => ({ name, at: closure.at })),
    proposed: person(proposal?.proposedBy ?? null, proposal?.proposedAt ?? closure.at),
    approved: person(closure.actorId, closure.at),
    events: ofTheEnd.map(({ id, act }) => ({ id, act })),
    closedAt,
  };
}
