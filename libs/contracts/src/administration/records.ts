import { z } from 'zod';
import { Role } from '../actor.js';
import { Reason } from './parts.js';

/** Every administrative act, as it stands in the record. */
export const actNames = [
  'institution.import',
  'institution.update',
  'institution.stop',
  'institution.lift-stop',
  'agreement.create',
  'agreement.add-version',
  'agreement.record-sptjm',
  'agreement.terminate',
  'agreement.record-closing-step',
  'agreement.close',
  'operator.create',
  'operator.update',
  'operator.record-nda',
  'operator.revoke',
  'operator.reactivate',
  'operator.change-office-holder',
  'operator.issue-activation-code',
  'operator.end-sessions',
  'client.create',
  'client.update',
  'client.rotate-secret',
  'client.set-keys',
  'client.revoke',
  'client.reactivate',
  'upstream.configure',
  'upstream.test',
  'upstream.rearm',
  'upstream.rotate-key',
  'evidence.acknowledge-rollback',
  'data-balikan.configure',
  'data-balikan.pause',
  'data-balikan.resume',
  'data-balikan.retry',
  'reader.register',
  'reader.update',
  'reader.revoke',
  'reader.issue-join-code',
  'reader.remove-agent',
  'reader-exception.request',
  'reader-exception.decide',
  'sam.request',
  'sam.record-personalisation',
  'sam.activate',
  'sam.assign',
  'sam.return-configuration',
  'sam.deactivate',
] as const;
export type ActName = (typeof actNames)[number];

/** What else is on record: what the system does by itself, and what people do with their own account. */
export const recordNames = [
  ...actNames,
  'agreement.warn',
  'agreement.begin-closing',
  'proposal.propose',
  'proposal.reject',
  'proposal.withdraw',
  'proposal.expire',
  'account.activate',
  'account.change-password',
  'account.enrol-second-factor',
  'account.renew-recovery-codes',
  'session.begin',
  'session.end',
  'session.block',
  'data-balikan.stop-all',
  'data-balikan.resume-all',
  'reader.join-agent',
  'reader.second-agent',
] as const;
export type RecordName = (typeof recordNames)[number];

export const proposalDecisions = ['approved', 'rejected', 'withdrawn', 'expired'] as const;
export type ProposalDecision = (typeof proposalDecisions)[number];

const Person = z.strictObject({ id: z.uuid(), name: z.string(), role: Role });

/** What waits for a second person, or has been decided. */
export const ProposalDetail = z
  .strictObject({
    id: z.uuid(),
    act: z.enum(actNames),
    input: z.record(z.string(), z.unknown()).meta({ description: 'What will be done, as it was asked for' }),
    reason: z.string(),
    approvers: z.array(Role).meta({ description: 'Who may approve; never the person who proposed' }),
    proposedBy: Person.nullable().meta({ description: 'null: by the command line' }),
    proposedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    decision: z.enum(proposalDecisions).nullable(),
    decidedBy: Person.nullable(),
    decidedAt: z.iso.datetime().nullable(),
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'ProposalDetail' });
export type ProposalDetail = z.infer<typeof ProposalDetail>;

export const ProposalList = z.strictObject({ proposals: z.array(ProposalDetail) }).meta({ id: 'ProposalList' });

export const Decision = z.strictObject({ reason: Reason }).meta({ id: 'Decision' });

export const AdminEventEntry = z
  .strictObject({
    id: z.uuid(),
    at: z.iso.datetime(),
    act: z.enum(recordNames),
    subject: z.strictObject({ type: z.string(), id: z.string() }),
    actor: z.strictObject({
      kind: z.enum(['person', 'command-line', 'system']),
      id: z.uuid().nullable(),
      name: z.string().nullable(),
      role: Role.nullable(),
    }),
    proposalId: z.uuid().nullable(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    reason: z.string().nullable(),
    evidence: z.strictObject({ salt: z.base64(), contentHash: z.string().regex(/^[0-9a-f]{64}$/) }).meta({
      description:
        'The act is a leaf of the evidence log with this `contentHash`: SHA-256 of the 32 bytes of `salt` and of the RFC 8785 ' +
        'form of `{ act, actorKind, actorRole, after, before, proposalId, reason, subjectType }`, all as told here; in it a ' +
        'number that is no exact integer is the text that JSON writes it with (`"0.5"`)',
    }),
  })
  .meta({ id: 'AdminEventEntry' });
export type AdminEventEntry = z.infer<typeof AdminEventEntry>;

export const AdminEventQuery = z.strictObject({
  act: z.enum(recordNames).optional(),
  subjectId: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.uuid().optional().meta({ description: 'Go on after this entry: the `next` of the page before' }),
});
export type AdminEventQuery = z.infer<typeof AdminEventQuery>;

export const AdminEventPage = z
  .strictObject({ events: z.array(AdminEventEntry), next: z.uuid().nullable() })
  .meta({ id: 'AdminEventPage' });
export type AdminEventPage = z.infer<typeof AdminEventPage>;
