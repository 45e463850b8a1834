import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { EntityList } from '../feature.js';

@Entity({ schema: 'balikan', name: 'record' })
@Unique('record_once', ['agreementId', 'personHmac', 'registerKey'])
@Index('record_outbox', ['institutionId', 'registerDate', 'id'], { where: "state = 'WAITING'" })
@Index('record_due', ['institutionId', 'dueAt'], { where: "state = 'WAITING'" })
@Index('record_list', { synchronize: false })
@Index('record_media', { synchronize: false })
@Index('record_verification', ['institutionId', 'verificationId'])
@Index('record_batch', ['batchId'], { where: 'batch_id IS NOT NULL' })
@Index('record_package', ['mediaPackageId'], { where: 'media_package_id IS NOT NULL' })
@Index('record_dead', ['institutionId', 'id'], { where: "state = 'DEAD'" })
export class RecordRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('uuid', { name: 'agreement_version_id' }) agreementVersionId!: string;
  @Column('bytea', { name: 'person_hmac' }) personHmac!: Buffer;
  @Column('bytea', { name: 'sealed_nik', nullable: true }) sealedNik!: Buffer | null;
  @Column('text', { name: 'key_id' }) keyId!: string;
  @Column('text', { name: 'register_number' }) registerNumber!: string;
  @Column('text', { name: 'register_key' }) registerKey!: string;
  @Column('date', { name: 'register_date' }) registerDate!: string;
  @Column('text', { name: 'business_name' }) businessName!: string;
  @Column('text', { name: 'business_type' }) businessType!: string;
  @Column('text', { name: 'kbli_code', nullable: true }) kbliCode!: string | null;
  @Column('text', { name: 'kbli_version', nullable: true }) kbliVersion!: string | null;
  @Column('uuid', { name: 'verification_id' }) verificationId!: string;
  @Column('text') source!: string;
  @Column('uuid', { name: 'batch_id', nullable: true }) batchId!: string | null;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('uuid', { name: 'operator_id', nullable: true }) operatorId!: string | null;
  @Column('timestamptz', { name: 'accepted_at' }) acceptedAt!: Date;
  @Column('bytea') salt!: Buffer;
  @Column('text', { default: 'WAITING' }) state!: string;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Column('timestamptz', { name: 'claimed_until', nullable: true }) claimedUntil!: Date | null;
  @Column('integer', { default: 0 }) attempts!: number;
  @Column('integer', { default: 0 }) strikes!: number;
  @Column('timestamptz', { name: 'last_attempt_at', nullable: true }) lastAttemptAt!: Date | null;
  @Column('text', { nullable: true }) failure!: string | null;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt!: Date | null;
  @Column('text', { nullable: true }) receipt!: string | null;
  @Column('uuid', { name: 'media_package_id', nullable: true }) mediaPackageId!: string | null;
}

@Entity({ schema: 'balikan', name: 'idempotency' })
@Index('idempotency_age', ['createdAt'])
export class IdempotencyRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('text', { name: 'client_id' }) clientId!: string;
  @PrimaryColumn('bytea', { name: 'key_hmac' }) keyHmac!: Buffer;
  @Column('bytea', { name: 'request_hmac' }) requestHmac!: Buffer;
  @Column('uuid', { name: 'record_id' }) recordId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

export const entities: EntityList = [RecordRow, IdempotencyRow];
