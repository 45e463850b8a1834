import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PasswordChange, RecordName, SecondFactor } from '#contracts';
import { AppError } from '#service';
import { record } from '../administration/admin-record.js';
import { Accounts, type Person } from './accounts.js';
import type { Shown } from './credentials.js';
import { endSessionsOf } from './end-sessions.js';
import { Account } from './entities.js';
import { Identification } from './identification.js';
import type { Visitor } from './login-throttle.js';
import { checkNewPassword } from './password-rules.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factors.js';

/** Somebody at an open session. */
export interface Me extends Visitor {
  operatorId: string;
  sessionId: string;
}

/** What people change about their own account; they show again who they are each time, an open session is not enough. */
@Injectable()
export class AccountService {
  constructor(
    private readonly accounts: Accounts,
    private readonly identification: Identification,
    private readonly passwords: Passwords,
    private readonly secondFactors: SecondFactors,
  ) {}

  /** Ends all other sessions. @throws {AppError} PASSWORD_UNSUITABLE, LOGIN_FAILED, LOGIN_BLOCKED, OVERLOADED */
  async changePassword(me: Me, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const { username } = await this.accounts.get(me.operatorId);
    checkNewPassword(newPassword, username, 'newPassword');
    const claim = { username, shown: { password: currentPassword }, demand: 'password' } as const;
    await this.identification.identify(me, claim, async ({ person }, commit) => {
      // hashed before the account is locked: it may have to wait
      const passwordHash = await this.passwords.hash(newPassword);
      await commit(async (manager) => {
        await manager.update(
          Account,
          { operatorId: me.operatorId },
          { passwordHash, passwordChangedAt: () => 'access.clock()' },
        );
        await recordOwn(manager, 'account.change-password', person);
        await endSessionsOf(manager, me.operatorId, 'password-changed', { except: me.sessionId });
      });
    });
  }

  /** @throws {AppError} LOGIN_FAILED, LOGIN_BLOCKED, OVERLOADED */
  async enrolSecondFactor(me: Me, shown: Shown): Promise<SecondFactor> {
    return this.asMyself(me, shown, async (manager, person) => {
      await recordOwn(manager, 'account.enrol-second-factor', person);
      return this.secondFactors.renew(manager, person.operatorId, person.username);
    });
  }

  /** @throws {AppError} STATE_CONFLICT without a second factor, LOGIN_FAILED, LOGIN_BLOCKED, OVERLOADED */
  async renewRecoveryCodes(me: Me, shown: Shown): Promise<string[]> {
    return this.asMyself(me, shown, async (manager, person) => {
      if (person.totpSealed === null) {
        const issues = [
          { path: '', message: 'Akun ini belum memakai kode 6 angka. Pasang aplikasi autentikator dahulu.' },
        ];
        throw new AppError('STATE_CONFLICT', { issues });
      }
      await recordOwn(manager, 'account.renew-recovery-codes', person);
      return this.secondFactors.renewRecoveryCodes(manager, person.operatorId);
    });
  }

  private async asMyself<T>(
    me: Me,
    shown: Shown,
    act: (manager: EntityManager, person: Person) => Promise<T>,
  ): Promise<T> {
    const { username } = await this.accounts.get(me.operatorId);
    return this.identification.identify(me, { username, shown }, ({ person }, commit) =>
      commit((manager) => act(manager, person)),
    );
  }
}

async function recordOwn(manager: EntityManager, act: RecordName, person: Person): Promise<void> {
  const { operatorId, role, institution } = person;
  await record(manager, {
    institutionId: institution.id,
    act,
    subject: { type: 'operator', id: operatorId },
    actor: { kind: 'person', operatorId, role, institutionId: institution.id },
  });
}
