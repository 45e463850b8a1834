import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'verification', name: 'quota_grant' })
export class QuotaGrant {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('date', { name: 'effective_from' }) effectiveFrom!: string;
  @Column('integer', { name: 'daily_limit' }) dailyLimit!: number;
}

@Entity({ schema: 'verification', name: 'hit_day' })
export class HitDay {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('date') day!: string;
  @Column('integer') used!: number;
  @Column('integer') carried!: number;
}

@Entity({ schema: 'verification', name: 'hit' })
@Index('hit_by_day', { synchronize: false })
@Index('hit_flight', ['institutionId', 'flightKey'], { unique: true, where: "state = 'reserved'" })
@Index('hit_reserved', ['expiresAt'], { where: "state = 'reserved'" })
export class Hit {
  @PrimaryColumn('uuid', { name: 'verification_id' }) verificationId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('date') day!: string;
  @Column('date', { name: 'carried_to', nullable: true }) carriedTo!: string | null;
  @Column('text') state!: string;
  @Column('text') holder!: string;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('bytea', { name: 'flight_key', nullable: true }) flightKey!: Buffer | null;
  @Column('timestamptz', { name: 'reserved_at' }) reservedAt!: Date;
  @Column('timestamptz', { name: 'settled_at', nullable: true }) settledAt!: Date | null;
}

@Entity({ schema: 'verification', name: 'access_event' })
@Index('access_event_trail', { synchronize: false })
@Index('access_event_receipt', { synchronize: false })
@Index('access_event_person', ['institutionId', 'nikHmac', 'referenceHmac'], {
  where: "kind = 'REQUESTED' AND nik_hmac IS NOT NULL",
})
@Index('access_event_business', ['institutionId', 'at', 'verificationId'], {
  where: "kind = 'REQUESTED' AND service IN ('SKU', 'NIB')",
})
@Index('access_event_asked', ['institutionId', 'at', 'verificationId'], {
  where: "kind = 'REQUESTED' AND hit_state = 'reserved'",
})
export class AccessEvent {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') kind!: string;
  @PrimaryColumn('uuid', { name: 'verification_id' }) verificationId!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_version_id', nullable: true }) agreementVersionId!: string | null;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('uuid', { name: 'operator_id', nullable: true }) operatorId!: string | null;
  @Column('text', { nullable: true }) service!: string | null;
  @Column('text', { name: 'case_reference', nullable: true }) caseReference!: string | null;
  @Column('text', { nullable: true }) mode!: string | null;
  @Column('text', { array: true }) fields!: string[];
  @Column('bytea', { name: 'nik_hmac', nullable: true }) nikHmac!: Buffer | null;
  @Column('text', { name: 'hit_state', nullable: true }) hitState!: string | null;
  @Column('text', { nullable: true }) outcome!: string | null;
  @Column('integer', { name: 'latency_ms', nullable: true }) latencyMs!: number | null;
  @Column('bytea', { name: 'reference_hmac', nullable: true }) referenceHmac!: Buffer | null;
}

@Entity({ schema: 'verification', name: 'idempotency' })
@Index('idempotency_age', ['createdAt'])
export class Idempotency {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @PrimaryColumn('text', { name: 'client_id' }) clientId!: string;
  @PrimaryColumn('bytea', { name: 'key_hmac' }) keyHmac!: Buffer;
  @Column('bytea', { name: 'request_hmac' }) requestHmac!: Buffer;
  @Column('uuid', { name: 'verification_id' }) verificationId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity({ schema: 'verification', name: 'upstream_access' })
export class UpstreamAccessRow {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('text', { name: 'key_id' }) keyId!: string;
  @Column('bytea') sealed!: Buffer;
  @Column('timestamptz', { name: 'configured_at' }) configuredAt!: Date;
}

@Entity({ schema: 'verification', name: 'upstream_gate' })
export class UpstreamGate {
  @PrimaryColumn('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') state!: string;
  @Column('timestamptz') since!: Date;
  @Column('timestamptz', { nullable: true }) until!: Date | null;
  @Column('integer', { default: 0 }) streak!: number;
  @Column('integer', { default: 0 }) reopened!: number;
  @Column('uuid', { name: 'trial_id', nullable: true }) trialId!: string | null;
  @Column('timestamptz', { name: 'probing_until', nullable: true }) probingUntil!: Date | null;
}
