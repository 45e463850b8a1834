import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

@Entity({ schema: 'verification', name: 'reported_event' })
@Index('reported_event_trails', ['institutionId', 'loggedAt'], { where: "type = 'PERSON_TRAIL'" })
@Index('reported_event_delivered', ['subject'], { where: "type = 'DATA_BALIKAN'" })
@Index('reported_event_upstream', ['institutionId', 'at'], { where: "type = 'UPSTREAM'" })
export class ReportedEventRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('timestamptz', { name: 'logged_at' }) loggedAt!: Date;
  @Column('text') type!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') act!: string;
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column('text', { nullable: true }) subject!: string | null;
  @Column('bytea', { name: 'subject_hmac', nullable: true }) subjectHmac!: Buffer | null;
  @Column('bytea', { name: 'content_hash', nullable: true }) contentHash!: Buffer | null;
  @Column('bytea', { nullable: true }) salt!: Buffer | null;
  @Column('text', { nullable: true }) content!: string | null;
}

@Entity({ schema: 'verification', name: 'log' })
@Unique('log_institution_id_generation_key', ['institutionId', 'generation'])
@Unique('log_origin_key', ['origin'])
export class LogRow {
  @PrimaryColumn('integer', { generated: 'identity', generatedIdentity: 'ALWAYS' }) id!: number;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('integer') generation!: number;
  @Column('text') origin!: string;
  @Column('timestamptz', { name: 'opened_at' }) openedAt!: Date;
}

@Entity({ schema: 'verification', name: 'log_pending' })
export class LogPendingRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' }) position!: string;
  @Column('uuid', { name: 'event_id' }) eventId!: string;
  @Column('uuid', { name: 'verification_id', nullable: true }) verificationId!: string | null;
  @Column('timestamptz', { name: 'queued_at', default: () => 'clock_timestamp()' }) queuedAt!: Date;
  @Column('bytea', { name: 'leaf_hash' }) leafHash!: Buffer;
}

@Entity({ schema: 'verification', name: 'log_leaf' })
@Index('log_leaf_event', { synchronize: false })
@Index('log_leaf_reported', ['logId', 'index'], { where: 'verification_id IS NULL' })
export class LogLeafRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('bigint') index!: string;
  @Column('uuid', { name: 'event_id' }) eventId!: string;
  @Column('uuid', { name: 'verification_id', nullable: true }) verificationId!: string | null;
  @Column('bytea', { name: 'leaf_hash' }) leafHash!: Buffer;
}

@Entity({ schema: 'verification', name: 'log_node' })
export class LogNodeRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('smallint') level!: number;
  @PrimaryColumn('bigint') index!: string;
  @Column('bytea') hash!: Buffer;
}

@Entity({ schema: 'verification', name: 'log_checkpoint' })
export class LogCheckpointRow {
  @PrimaryColumn('integer', { name: 'log_id' }) logId!: number;
  @PrimaryColumn('bigint') size!: string;
  @PrimaryColumn('timestamptz', { name: 'signed_at' }) signedAt!: Date;
  @Column('bytea') root!: Buffer;
  @Column('text') note!: string;
}

@Entity({ schema: 'verification', name: 'log_gap' })
export class LogGapRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('integer', { name: 'log_id', unique: true }) logId!: number;
  @Column('timestamptz') at!: Date;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text', { name: 'previous_origin' }) previousOrigin!: string;
  @Column('text', { name: 'last_checkpoint' }) lastCheckpoint!: string;
  @Column('bigint', { name: 'kept_size' }) keptSize!: string;
  @Column('bytea', { name: 'kept_root' }) keptRoot!: Buffer;
  @Column('uuid', { name: 'acknowledged_by', nullable: true }) acknowledgedBy!: string | null;
  @Column('text') reason!: string;
}

@Entity({ schema: 'verification', name: 'log_leader' })
export class LogLeaderRow {
  @PrimaryColumn('boolean', { default: true }) singleton!: boolean;
  @Column('bigint') term!: string;
  @Column('text') holder!: string;
  @Column('timestamptz', { name: 'seen_at' }) seenAt!: Date;
}
