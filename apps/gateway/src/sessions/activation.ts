import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import type { AccountActivated, AccountActivation } from '#contracts';
import { AppError } from '#service';
import { record } from '../administration/admin-record.js';
import { Accounts, mustHaveSecondFactor, type Person } from './accounts.js';
import { endSessionsOf } from './end-sessions.js';
import { makeCode, sha256OfCode } from './human-code.js';
import { LoginThrottle, type Visitor } from './login-throttle.js';
import { checkNewPassword } from './password-rules.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import { usernameOf } from './username.js';

const validDays = 7;
const uniqueViolation = '23505';
/** Compared with where there is nothing to compare with. */
const nobodysCode = Buffer.alloc(32);

/**
 * A new code for the first password of somebody, or the next one; any code before counts no more. It is shown once, only its
 * SHA-256 is kept. The caller puts on record who issued it. `username` becomes the log-in name.
 *
 * @throws {AppError} ALREADY_EXISTS when the name is somebody else's; the transaction is lost then
 */
export async function issueActivationCode(
  manager: EntityManager,
  operatorId: string,
  username: string,
): Promise<{ username: string; activationCode: string; expiresAt: Date }> {
  const activationCode = makeCode();
  try {
    const [account] = await manager.query<{ username: string; expiresAt: Date }[]>(
      `INSERT INTO access.account (operator_id, username, activation_sha256, activation_expires_at)
       VALUES ($1, $2, $3, access.clock() + make_interval(days => $4))
       ON CONFLICT (operator_id) DO UPDATE SET username = excluded.username,
         activation_sha256 = excluded.activation_sha256, activation_expires_at = excluded.activation_expires_at
       RETURNING username, activation_expires_at AS "expiresAt"`,
      [operatorId, usernameOf(username), sha256OfCode(activationCode), validDays],
    );
    if (!account) throw new Error('an account is always written');
    return { ...account, activationCode };
  } catch (error) {
    if (!(error instanceof QueryFailedError) || (error.driverError as { code?: string }).code !== uniqueViolation)
      throw error;
    const issues = [{ path: 'username', message: 'Nama pengguna ini sudah dipakai orang lain. Pilih nama lain.' }];
    throw new AppError('ALREADY_EXISTS', { issues }, { cause: error });
  }
}

/** From an activation code to a password, and to a second factor for those who must have one. */
@Injectable()
export class Activation {
  constructor(
    private readonly source: DataSource,
    private readonly throttle: LoginThrottle,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly secondFactors: SecondFactors,
  ) {}

  /** @throws {AppError} ACTIVATION_FAILED whatever was wrong, PASSWORD_UNSUITABLE, LOGIN_BLOCKED, OVERLOADED */
  async activate(form: AccountActivation, visitor: Visitor): Promise<AccountActivated> {
    const username = usernameOf(form.username);
    checkNewPassword(form.password, username, 'password');
    const codeSha256 = sha256OfCode(form.activationCode);
    return this.throttle.guard(username, visitor, async (clear) => {
      const { person } = await this.accounts.find(username);
      const right = timingSafeEqual(codeSha256, person?.activationSha256 ?? nobodysCode);
      if (!right || !person?.active || person.activationExpired) throw new AppError('ACTIVATION_FAILED');
      const passwordHash = await this.passwords.hash(form.password);
      return this.source.transaction(async (manager) => {
        await consume(manager, person.operatorId, codeSha256, passwordHash);
        const secondFactor = await this.startOver(manager, person);
        await clear(manager);
        return { username, secondFactor };
      });
    });
  }

  private async startOver(manager: EntityManager, person: Person): Promise<AccountActivated['secondFactor']> {
    const { operatorId, role, institution } = person;
    await this.secondFactors.remove(manager, operatorId);
    const secondFactor = mustHaveSecondFactor(role)
      ? await this.secondFactors.renew(manager, operatorId, person.username)
      : null;
    await record(manager, {
      institutionId: institution.id,
      act: 'account.activate',
      subject: { type: 'operator', id: operatorId },
      actor: { kind: 'person', operatorId, role, institutionId: institution.id },
      after: { username: person.username, secondFactor: secondFactor !== null },
    });
    await endSessionsOf(manager, operatorId, 'activated');
    return secondFactor;
  }
}

/** Compare and set: of several at once, one gets it. @throws {AppError} ACTIVATION_FAILED */
async function consume(
  manager: EntityManager,
  operatorId: string,
  codeSha256: Buffer,
  passwordHash: string,
): Promise<void> {
  const [, consumed] = await manager.query<[unknown[], number]>(
    `UPDATE access.account SET password_hash = $3, password_changed_at = access.clock(),
       activation_sha256 = NULL, activation_expires_at = NULL
     WHERE operator_id = $1 AND activation_sha256 = $2 AND activation_expires_at > access.clock()`,
    [operatorId, codeSha256, passwordHash],
  );
  if (consumed !== 1) throw new AppError('ACTIVATION_FAILED');
}
