import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type {
  ContactPerson,
  DataBalikanRecipient,
  ElementName,
  InstitutionKind,
  JwkSetInput,
  PatenService,
  Role,
  Scope,
  UserIdOwner,
  VerificationMode,
  WorkingHours,
} from '#contracts';

const ownId = { type: 'uuid', default: () => 'uuidv7()' } as const;

@Entity({ schema: 'access', name: 'institution' })
@Unique('institution_region_code_key', ['regionCode'])
export class Institution {
  @PrimaryColumn(ownId) id!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'region_code' }) regionCode!: string;
  @Column('text', { default: 'kecamatan' }) kind!: InstitutionKind;
  @Column('text', { nullable: true }) address!: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
}

@Entity({ schema: 'access', name: 'agreement' })
@Unique('agreement_institution_id_number_key', ['institutionId', 'number'])
export class Agreement {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') number!: string;
  @Column('text', { name: 'counterpart_number', nullable: true }) counterpartNumber!: string | null;
  @Column('date', { name: 'signed_on', nullable: true }) signedOn!: string | null;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'terminated_at', nullable: true }) terminatedAt!: Date | null;
  @Column('text', { name: 'termination_reason', nullable: true }) terminationReason!: string | null;
  @Column('timestamptz', { name: 'closing_at', nullable: true }) closingAt!: Date | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
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
  @Column('text', { name: 'letter_number', nullable: true }) letterNumber!: string | null;
  @Column('jsonb', { name: 'user_id_owner', nullable: true }) userIdOwner!: UserIdOwner | null;
  @Column('jsonb', { default: () => "'[]'" }) contacts!: ContactPerson[];
  @Column('text', { name: 'data_balikan_recipient', default: 'DISDUKCAPIL' })
  dataBalikanRecipient!: DataBalikanRecipient;
  @Column('timestamptz', { name: 'approved_at', default: () => 'now()' }) approvedAt!: Date;
  @Column('timestamptz', { name: 'configured_at', nullable: true }) configuredAt!: Date | null;
}

@Entity({ schema: 'access', name: 'sptjm' })
@Index('sptjm_agreement', ['agreementId'])
export class Sptjm {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'agreement_id' }) agreementId!: string;
  @Column('text') number!: string;
  @Column('date', { name: 'signed_on' }) signedOn!: string;
  @Column('text', { name: 'document_sha256' }) documentSha256!: string;
  @Column('text', { name: 'signed_by', nullable: true }) signedBy!: string | null;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' }) recordedAt!: Date;
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
  @Column('text', { name: 'revocation_reason', nullable: true }) revocationReason!: string | null;
  @Column('bytea', { name: 'nik_sealed', nullable: true }) nikSealed!: Buffer | null;
  @Column('text', { nullable: true }) nip!: string | null;
  @Column('text', { name: 'employment_status', nullable: true }) employmentStatus!: string | null;
  @Column('text', { nullable: true }) position!: string | null;
  @Column('text', { name: 'work_unit', nullable: true }) workUnit!: string | null;
  @Column('text', { name: 'office_name', nullable: true }) officeName!: string | null;
  @Column('text', { name: 'office_address', nullable: true }) officeAddress!: string | null;
  @Column('text', { name: 'office_region_code', nullable: true }) officeRegionCode!: string | null;
  @Column('jsonb', { name: 'working_hours', nullable: true }) workingHours!: WorkingHours | null;
  @Column('integer', { default: 1 }) assignment!: number;
}

@Entity({ schema: 'access', name: 'nda' })
@Index('nda_operator', ['operatorId', 'assignment'])
export class Nda {
  @PrimaryColumn(ownId) id!: string;
  @Column('uuid', { name: 'operator_id' }) operatorId!: string;
  @Column('integer', { default: 1 }) assignment!: number;
  @Column('text') number!: string;
  @Column('date', { name: 'signed_on' }) signedOn!: string;
  @Column('text', { name: 'document_sha256' }) documentSha256!: string;
  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' }) recordedAt!: Date;
}

@Entity({ schema: 'access', name: 'client' })
export class Client {
  @PrimaryColumn('text') id!: string;
  @Column('uuid', { name: 'institution_id' }) institutionId!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) scopes!: Scope[];
  @Column('text', { array: true, nullable: true }) elements!: ElementName[] | null;
  @Column('text', { array: true, nullable: true }) purposes!: PatenService[] | null;
  @Column('cidr', { array: true, nullable: true }) networks!: string[] | null;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column('uuid', { name: 'default_operator_id', nullable: true }) defaultOperatorId!: string | null;
  @Column('double precision', { name: 'burst_per_second', nullable: true }) burstPerSecond!: number | null;
  @Column('integer', { name: 'burst_size', nullable: true }) burstSize!: number | null;
  @Column('jsonb', { nullable: true }) jwks!: JwkSetInput | null;
  @Column('boolean', { name: 'certificate_required', default: false }) certificateRequired!: boolean;
  @Column('text', { name: 'revocation_reason', nullable: true }) revocationReason!: string | null;
}

@Entity({ schema: 'access', name: 'client_secret' })
@Unique('client_secret_client_id_secret_sha256_key', ['clientId', 'secretSha256'])
export class ClientSecret {
  @PrimaryColumn(ownId) id!: string;
  @Column('text', { name: 'client_id' }) clientId!: string;
  @Column('text', { name: 'secret_sha256' }) secretSha256!: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
}

@Entity({ schema: 'access', name: 'used_assertion' })
@Index('used_assertion_age', ['expiresAt'])
export class UsedAssertion {
  @PrimaryColumn('text', { name: 'client_id' }) clientId!: string;
  @PrimaryColumn('bytea', { name: 'jti_sha256' }) jtiSha256!: Buffer;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
}
