import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Role } from '#contracts';

/** A person with an account, as the database said at one moment. */
export interface Person {
  operatorId: string;
  userIdLokal: string;
  fullName: string;
  role: Role;
  /** Today, Asia/Jakarta: begun, not over, not revoked. */
  active: boolean;
  institution: { id: string; name: string; regionCode: string };
  username: string;
  passwordHash: string | null;
  totpSealed: Buffer | null;
  totpConfirmed: boolean;
  totpLastStep: number | null;
  /** Whether the code that was asked for is a recovery code that was not used yet. */
  recoveryCodeFits: boolean;
  activationSha256: Buffer | null;
  activationExpired: boolean;
}

const personOf = `
  jsonb_build_object('operatorId', operator.id, 'userIdLokal', operator.user_id_lokal, 'fullName', operator.full_name,
    'role', operator.role, 'institution',
      jsonb_build_object('id', institution.id, 'name', institution.name, 'regionCode', institution.region_code),
    'active', operator.revoked_at IS NULL AND operator.active_from <= access.jakarta_today()
      AND coalesce(operator.active_until >= access.jakarta_today(), true),
    'username', account.username, 'passwordHash', account.password_hash,
    'totpConfirmed', account.totp_confirmed_at IS NOT NULL, 'totpLastStep', account.totp_last_step,
    'activationExpired', coalesce(account.activation_expires_at <= clock.now, true),
    'recoveryCodeFits', EXISTS (SELECT 1 FROM access.recovery_code AS code
      WHERE code.operator_id = account.operator_id AND code.code_sha256 = $2 AND code.used_at IS NULL))`;

/** The clock comes with it, also where there is nobody: whoever is looked for, one statement answers. */
const search = `
  SELECT clock.now, CASE WHEN account.operator_id IS NOT NULL THEN ${personOf} END AS person,
    account.totp_sealed AS "totpSealed", account.activation_sha256 AS "activationSha256"
  FROM (SELECT access.clock() AS now OFFSET 0) AS clock
    LEFT JOIN (access.account JOIN access.operator ON operator.id = account.operator_id
      JOIN access.institution ON institution.id = operator.institution_id) ON `;

const noCode = Buffer.alloc(0);

@Injectable()
export class Accounts {
  constructor(private readonly source: DataSource) {}

  /** @param codeSha256 of what may be a recovery code of this person */
  async find(username: string, codeSha256: Buffer = noCode): Promise<{ now: Date; person: Person | undefined }> {
    return this.search(`${search} account.username = $1`, username, codeSha256);
  }

  /** The account of somebody who has a session. @throws when there is none: an account is never deleted */
  async get(operatorId: string): Promise<Person> {
    const { person } = await this.search(`${search} account.operator_id = $1`, operatorId, noCode);
    if (!person) throw new Error('a session without an account');
    return person;
  }

  private async search(sql: string, key: string, codeSha256: Buffer) {
    type Row = { now: Date; person: Person | null; totpSealed: Buffer | null; activationSha256: Buffer | null };
    const [row] = await this.source.query<Row[]>(sql, [key, codeSha256]);
    if (!row) throw new Error('the clock always answers');
    const { now, person, totpSealed, activationSha256 } = row;
    return { now, person: person ? { ...person, totpSealed, activationSha256 } : undefined };
  }
}

const rolesWithSecondFactor: readonly Role[] = ['camat', 'admin', 'evaluator'];

/** Whoever decides, grants or oversees logs in with two factors; for operators at the counter it is their choice. */
export const mustHaveSecondFactor = (role: Role): boolean => rolesWithSecondFactor.includes(role);
