import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** The log-in of a person; it opens once its owner has set a password with an activation code. */
@Entity({ schema: 'access', name: 'account' })
@Unique('account_username_key', ['username'])
@Check('account_username_check', 'username = lower(username)')
export class Account {
  @PrimaryColumn('uuid', { name: 'operator_id' }) operatorId!: string;
  @Column('text') username!: string;
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column('timestamptz', { name: 'password_changed_at', nullable: true }) passwordChangedAt!: Date | null;
  @Column('bytea', { name: 'totp_sealed', nullable: true }) totpSealed!: Buffer | null;
  @Column('timestamptz', { name: 'totp_confirmed_at', nullable: true }) totpConfirmedAt!: Date | null;
  @Column('bigint', { name: 'totp_last_step', nullable: true }) totpLastStep!: string | null;
  @Column('bytea', { name: 'activation_sha256', nullable: true }) activationSha256!: Buffer | null;
  @Column('timestamptz', { name: 'activation_expires_at', nullable: true }) activationExpiresAt!: Date | null;
}

@Entity({ schema: 'access', name: 'recovery_code' })
export class RecoveryCode {
  @PrimaryColumn('uuid', { name: 'operator_id' }) operatorId!: string;
  @PrimaryColumn('bytea', { name: 'code_sha256' }) codeSha256!: Buffer;
  @Column('timestamptz', { name: 'used_at', nullable: true }) usedAt!: Date | null;
}

@Entity({ schema: 'access', name: 'session' })
@Unique('session_token_sha256_key', ['tokenSha256'])
@Index('session_operator', ['operatorId'])
@Index('session_age', ['expiresAt'])
export class Session {
  @PrimaryColumn({ type: 'uuid', default: () => 'uuidv7()' }) id!: string;
  @Column('bytea', { name: 'token_sha256' }) tokenSha256!: Buffer;
  @Column('uuid', { name: 'operator_id' }) operatorId!: string;
  @Column('inet') address!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @Column('text', { name: 'end_reason', nullable: true }) endReason!: string | null;
}

@Entity({ schema: 'access', name: 'login_throttle' })
@Index('login_throttle_age', ['updatedAt'])
export class LoginThrottle {
  @PrimaryColumn('bytea', { name: 'key_sha256' }) keySha256!: Buffer;
  @Column('integer') failures!: number;
  @Column('timestamptz', { name: 'blocked_until', nullable: true }) blockedUntil!: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
