import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError, type Log } from '#service';
import type { SealingKey } from '#service/keys/sealing-key';
import { Accounts, mustHaveSecondFactor, type Person } from './accounts.js';
import { sha256OfCode } from './human-code.js';
import type { Passwords } from './passwords.js';
import { totpContext } from './second-factors.js';
import { findTotpStep } from './totp.js';

/** What somebody shows: `code` is of the authenticator, or a recovery code. */
export interface Shown {
  password: string;
  code?: string | undefined;
}

type Factor = { totp: { sealed: Buffer; step: number } } | { recoveryCodeSha256: Buffer };

/** What was found right, and has still to be redeemed in the transaction that relies on it. */
export interface Proof {
  person: Person;
  passwordHash: string;
  factor: Factor | null;
}

/** For whoever has no second factor, so that theirs is computed all the same. */
const nobodysSecret = 'A'.repeat(32);

/** Who somebody is: password and second factor, always both looked at, in one answer for every fault. */
@Injectable()
export class Credentials {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly sealing: SealingKey,
    private readonly log: Log,
  ) {}

  /**
   * One comparison of a password and one of a code, whatever there is to compare with.
   *
   * @param demand 'password': no second factor is asked for, because the session has shown one
   * @throws {AppError} LOGIN_FAILED, OVERLOADED
   */
  async check(username: string, { password, code }: Shown, demand: 'password' | 'both' = 'both'): Promise<Proof> {
    const typed = code?.replace(/[\s-]/g, '') ?? '';
    const codeSha256 = sha256OfCode(typed);
    const { now, person } = await this.accounts.find(username, codeSha256);
    const right = await this.passwords.matches(password, person?.passwordHash ?? null);
    const factor = await this.findFactor(person, typed, codeSha256, now);
    const passes = factor !== null || demand === 'password' || (person && mayLackFactor(person, typed));
    if (!right || !passes || !person?.active || person.passwordHash === null) throw new AppError('LOGIN_FAILED');
    return { person, passwordHash: person.passwordHash, factor: demand === 'both' ? factor : null };
  }

  /**
   * Locks the account and uses up the code, once over all gateways.
   *
   * @throws {AppError} LOGIN_FAILED when password or code count no more
   */
  async redeem(manager: EntityManager, { person: { operatorId }, passwordHash, factor }: Proof): Promise<void> {
    const same = await manager.query<unknown[]>(
      'SELECT 1 FROM access.account WHERE operator_id = $1 AND password_hash = $2 FOR UPDATE',
      [operatorId, passwordHash],
    );
    if (same.length === 0 || !(await spend(manager, operatorId, factor))) throw new AppError('LOGIN_FAILED');
  }

  private async findFactor(person: Person | undefined, code: string, codeSha256: Buffer, now: Date) {
    const step = findTotpStep((await this.findSecret(person)) ?? nobodysSecret, code, now);
    if (!person?.totpSealed) return null;
    if (step !== undefined && step > (person.totpLastStep ?? -1)) return { totp: { sealed: person.totpSealed, step } };
    return person.recoveryCodeFits ? { recoveryCodeSha256: codeSha256 } : null;
  }

  private async findSecret(person: Person | undefined): Promise<string | undefined> {
    if (!person?.totpSealed) return undefined;
    try {
      return await this.sealing.open(person.totpSealed, totpContext(person.operatorId));
    } catch (error) {
      // told to those who can mend it; to whoever knocks it is a code that does not fit
      this.log.failure('second factor cannot be opened', error, { operatorId: person.operatorId });
      return undefined;
    }
  }
}

/** An operator without a second factor; one who has begun to set it up may log in without a code, but not with a wrong one. */
function mayLackFactor({ role, totpConfirmed, totpSealed }: Person, code: string): boolean {
  return !mustHaveSecondFactor(role) && !totpConfirmed && (totpSealed === null || code === '');
}

/** Compare and set: of several at once, one gets it (RFC 6238 5.2, a code counts once). */
async function spend(manager: EntityManager, operatorId: string, factor: Factor | null): Promise<boolean> {
  if (factor === null) return true;
  const [sql, ...values] =
    'totp' in factor
      ? [
          `UPDATE access.account SET totp_last_step = $2, totp_confirmed_at = coalesce(totp_confirmed_at, access.clock())
           WHERE operator_id = $1 AND totp_sealed = $3 AND coalesce(totp_last_step < $2, true)`,
          factor.totp.step,
          factor.totp.sealed,
        ]
      : [
          `UPDATE access.recovery_code SET used_at = access.clock()
           WHERE operator_id = $1 AND code_sha256 = $2 AND used_at IS NULL`,
          factor.recoveryCodeSha256,
        ];
  const [, spent] = await manager.query<[unknown[], number]>(sql, [operatorId, ...values]);
  return spent === 1;
}
