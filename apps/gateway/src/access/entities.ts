import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ElementName, PatenService, Role, Scope, VerificationMode } from '#contracts';

const ownId = { type: 'uuid', default: () => 'uuidv7()' } as const;

@Entity({ schema: 'access', name: 'institution' })
@Unique('institution_region_code_key', ['regionCode'])
export class Institution {
  @PrimaryColumn(ownId) id!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'region_code' }) regionCode!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}

@Entity({ schema: 'access', name: 'agreement' })
@Unique('agreement_institution_id_number_key', ['institutionId', 'number'])
export class Agreement {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') number!: string;
}

@Entity({ schema: 'access', name: 'agreement_version' })
@Unique('agreement_version_agreement_id_version_key', ['agreementId', 'version'])
export class AgreementVersion {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('integer') version!: number;
  @Column('date', { name: 'effective_from' }) effectiveFrom!: string;
  @Column('date', { name: 'valid_from' }) validFrom!: string;
  @Column('date', { name: 'valid_until' }) validUntil!: string;
  @Column('text', { array: true }) elements!: ElementName[];
  @Column('text', { array: true }) modes!: VerificationMode[];
  @Column('integer', { name: 'daily_quota' }) dailyQuota!: number;
  @Column('cidr', { array: true }) networks!: string[];
}

@Entity({ schema: 'access', name: 'sptjm' })
export class Sptjm {
  @PrimaryColumn('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('text') number!: string;
  @Column('date', { name: 'signed_on' }) signedOn!: string;
  @Column('text', { name: 'document_sha256' }) documentSha256!: string;
}

@Entity({ schema: 'access', name: 'operator' })
@Unique('operator_institution_id_user_id_lokal_key', ['institutionId', 'userIdLokal'])
export class Operator {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text', { name: 'user_id_lokal' }) userIdLokal!: string;
  @Column('text', { name: 'full_name' }) fullName!: string;
  @Column('text') role!: Role;
  @Column('date', { name: 'active_from' }) activeFrom!: string;
  @Column('date', { name: 'active_until', nullable: true }) activeUntil!: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}

@Entity({ schema: 'access', name: 'nda' })
export class Nda {
  @PrimaryColumn('uuid', { name: 'operator_id' }) operatorId!: string;
  @Column('text') number!: string;
  @Column('date', { name: 'signed_on' }) signedOn!: string;
  @Column('text', { name: 'document_sha256' }) documentSha256!: string;
}

@Entity({ schema: 'access', name: 'client' })
export class Client {
  @PrimaryColumn('text') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'secret_sha256' }) secretSha256!: string;
  @Column('text', { array: true }) scopes!: Scope[];
  @Column('text', { array: true, nullable: true }) elements!: ElementName[] | null;
  @Column('text', { array: true, nullable: true }) purposes!: PatenService[] | null;
  @Column('cidr', { array: true, nullable: true }) networks!: string[] | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('uuid', { name: 'default_operator_id', nullable: true }) defaultOperatorId!: string | null;
  @Column('double precision', { name: 'burst_per_second', nullable: true }) burstPerSecond!: number | null;
  @Column('integer', { name: 'burst_size', nullable: true }) burstSize!: number | null;
}
