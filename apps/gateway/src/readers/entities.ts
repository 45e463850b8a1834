import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type {
  AgentStatus,
  ElementName,
  ExceptionReason,
  PatenService,
  ReadOutcome,
  ReaderExceptionDecision,
  ResultLevel,
} from '#contracts';

const ownId = { type: 'uuid', default: () => 'uuidv7()' } as const;
const salt = { type: 'bytea', default: () => 'access.new_salt()' } as const;

@Entity({ schema: 'access', name: 'reader' })
@Index('reader_serial', ['institutionId', 'serial'], { unique: true, where: 'revoked_at IS NULL' })
@Unique('reader_join_code_sha256_key', ['joinCodeSha256'])
export class Reader {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') brand!: string;
  @Column('text') type!: string;
  @Column('text') serial!: string;
  @Column('text', { name: 'work_unit' }) workUnit!: string;
  @Column('timestamptz', { name: 'registered_at' }) registeredAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('text', { name: 'revocation_reason', nullable: true }) revocationReason!: string | null;
  @Column('text', { name: 'agent_public_key', nullable: true }) agentPublicKey!: string | null;
  @Column('timestamptz', { name: 'agent_joined_at', nullable: true }) agentJoinedAt!: Date | null;
  @Column('bytea', { name: 'join_code_sha256', nullable: true }) joinCodeSha256!: Buffer | null;
  @Column('timestamptz', { name: 'join_code_expires_at', nullable: true }) joinCodeExpiresAt!: Date | null;
  @Column('text', { name: 'connected_server', nullable: true }) connectedServer!: string | null;
  @Column('bigint', { name: 'connected_cid', nullable: true }) connectedCid!: string | null;
  @Column('uuid', { name: 'connected_instance', nullable: true }) connectedInstance!: string | null;
  @Column('jsonb', { nullable: true }) status!: AgentStatus | null;
  @Column('timestamptz', { name: 'seen_at', nullable: true }) seenAt!: Date | null;
  @Column('timestamptz', { name: 'second_agent_at', nullable: true }) secondAgentAt!: Date | null;
}

@Entity({ schema: 'access', name: 'sam' })
@Unique('sam_institution_id_sifilma_number_key', ['institutionId', 'sifilmaNumber'])
@Unique('sam_institution_id_serial_key', ['institutionId', 'serial'])
export class Sam {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('text', { name: 'sifilma_number' }) sifilmaNumber!: string;
  @Column('text', { name: 'letter_number' }) letterNumber!: string;
  @Column('date', { name: 'letter_date' }) letterDate!: string;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt!: Date;
  @Column('text', { nullable: true }) serial!: string | null;
  @Column('text', { name: 'pcid_fingerprint', nullable: true }) pcidFingerprint!: string | null;
  @Column('date', { name: 'personalised_on', nullable: true }) personalisedOn!: string | null;
  @Column('date', { name: 'activated_on', nullable: true }) activatedOn!: string | null;
  @Column('date', { name: 'returned_on', nullable: true }) returnedOn!: string | null;
  @Column('text', { name: 'return_receipt', nullable: true }) returnReceipt!: string | null;
  @Column('date', { name: 'deactivated_on', nullable: true }) deactivatedOn!: string | null;
}

@Entity({ schema: 'access', name: 'sam_assignment' })
@Index('sam_assignment_sam', ['samId'], { unique: true, where: 'ended_at IS NULL' })
@Index('sam_assignment_reader', ['readerId'], { unique: true, where: 'ended_at IS NULL' })
export class SamAssignmentRow {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'sam_id' }) samId!: string;
  @Column('uuid', { name: 'reader_id' }) readerId!: string;
  @Column('timestamptz', { name: 'assigned_at' }) assignedAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

/** Never a person: purpose, tries and outcome. What has ended is not changed. */
@Entity({ schema: 'access', name: 'reader_read' })
@Index('reader_read_trail', { synchronize: false })
@Index('reader_read_open', ['deadlineAt'], { where: 'ended_at IS NULL' })
export class ReaderRead {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'reader_id' }) readerId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_version_id' }) agreementVersionId!: string;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('uuid', { name: 'operator_id' }) operatorId!: string;
  @Column('text') service!: PatenService;
  @Column('text') reference!: string;
  @Column('text', { array: true }) elements!: ElementName[];
  @Column('timestamptz', { name: 'began_at' }) beganAt!: Date;
  @Column('timestamptz', { name: 'deadline_at' }) deadlineAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @Column('text', { nullable: true }) outcome!: string | null;
  @Column('integer', { nullable: true }) tries!: number | null;
  @Column('text', { nullable: true }) level!: ResultLevel | null;
  @Column('uuid', { name: 'verification_id', nullable: true }) verificationId!: string | null;
  @Column(salt) salt!: Buffer;
}

/** Append-only by permission. */
@Entity({ schema: 'access', name: 'reader_offline' })
@Index('reader_offline_reader', ['readerId', 'at'])
export class ReaderOffline {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'reader_id' }) readerId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_version_id', nullable: true }) agreementVersionId!: string | null;
  @Column('timestamptz') at!: Date;
  @Column('text') outcome!: ReadOutcome;
  @Column('integer') tries!: number;
  @Column('boolean') permitted!: boolean;
  @Column('timestamptz', { name: 'taken_at' }) takenAt!: Date;
  @Column(salt) salt!: Buffer;
}

@Entity({ schema: 'access', name: 'reader_permit' })
@Index('reader_permit_age', ['expiresAt'])
export class ReaderPermitRow {
  @PrimaryColumn('uuid', { name: 'reader_id' }) readerId!: string;
  @PrimaryColumn('uuid') jti!: string;
  @Column('uuid', { name: 'agreement_version_id' }) agreementVersionId!: string;
  @Column('bytea') sha256!: Buffer;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
}

@Entity({ schema: 'access', name: 'reader_exception' })
@Index('reader_exception_list', { synchronize: false })
export class ReaderException {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'reader_id' }) readerId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'read_id', nullable: true }) readId!: string | null;
  @Column('text') service!: PatenService;
  @Column('text') reference!: string;
  @Column('text') reason!: ExceptionReason;
  @Column('text') note!: string;
  @Column('uuid', { name: 'requested_by' }) requestedBy!: string;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt!: Date;
  @Column('text', { nullable: true }) decision!: ReaderExceptionDecision['decision'] | null;
  @Column('uuid', { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column('text', { name: 'decision_note', nullable: true }) decisionNote!: string | null;
}
