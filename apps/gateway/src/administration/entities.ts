import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActName, ClosingStepName, ProposalDecision, Role } from '#contracts';

const ownId = { type: 'uuid', default: () => 'uuidv7()' } as const;

/** An act that waits for a second person. */
@Entity({ schema: 'access', name: 'proposal' })
@Index('proposal_open', ['institutionId'], { where: 'decision IS NULL' })
export class Proposal {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') act!: ActName;
  @Column('jsonb') input!: Record<string, unknown>;
  @Column('text') reason!: string;
  @Column('text', { array: true }) approvers!: Role[];
  @Column('uuid', { name: 'proposed_by', nullable: true }) proposedBy!: string | null;
  @Column('timestamptz', { name: 'proposed_at' }) proposedAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('text', { nullable: true }) decision!: ProposalDecision | null;
  @Column('uuid', { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column('text', { name: 'decision_reason', nullable: true }) decisionReason!: string | null;
}

/** Append-only by permission. */
@Entity({ schema: 'access', name: 'admin_event' })
@Index('admin_event_trail', { synchronize: false })
export class AdminEvent {
  @PrimaryColumn(ownId) id!: string;
  @Column('timestamptz') at!: Date;
  @Column('uuid', { name: 'institution_id', nullable: true }) institutionId!: string | null;
  @Column('text') act!: string;
  @Column('text', { name: 'subject_type' }) subjectType!: string;
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('text', { name: 'actor_kind' }) actorKind!: 'person' | 'command-line' | 'system';
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column('text', { name: 'actor_role', nullable: true }) actorRole!: Role | null;
  @Column('uuid', { name: 'proposal_id', nullable: true }) proposalId!: string | null;
  @Column('jsonb', { nullable: true }) before!: Record<string, unknown> | null;
  @Column('jsonb', { nullable: true }) after!: Record<string, unknown> | null;
  @Column('text', { nullable: true }) reason!: string | null;
  /** Of the hash by which the evidence log knows what is written here. */
  @Column('bytea', { default: () => 'access.new_salt()' }) salt!: Buffer;
}

@Entity({ schema: 'access', name: 'emergency_stop' })
@Index('emergency_stop_open', ['institutionId'], { unique: true, where: 'lifted_at IS NULL' })
export class EmergencyStop {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') reason!: string;
  @Column('text', { name: 'stopped_by_role' }) stoppedByRole!: Role;
  @Column('timestamptz', { name: 'stopped_at' }) stoppedAt!: Date;
  @Column('timestamptz', { name: 'lifted_at', nullable: true }) liftedAt!: Date | null;
}

@Entity({ schema: 'access', name: 'closing_step' })
export class ClosingStep {
  @PrimaryColumn('uuid', { name: 'agreement_id' }) agreementId!: string;
  @PrimaryColumn('text') step!: ClosingStepName;
  @Column('boolean') applicable!: boolean;
  @Column('text', { name: 'receipt_number', nullable: true }) receiptNumber!: string | null;
  @Column('date', { name: 'done_on', nullable: true }) doneOn!: string | null;
  @Column('text', { nullable: true }) note!: string | null;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt!: Date;
}

@Entity({ schema: 'access', name: 'end_warning' })
export class EndWarning {
  @PrimaryColumn('uuid', { name: 'agreement_version_id' }) agreementVersionId!: string;
  @PrimaryColumn('integer') days!: number;
  @Column('timestamptz', { name: 'warned_at' }) warnedAt!: Date;
}
