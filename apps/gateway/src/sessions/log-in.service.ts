import { Injectable } from '@nestjs/common';
import type { LogIn, SessionInfo } from '#contracts';
import type { Proof } from './credentials.js';
import { Devices } from './devices.js';
import { Identification } from './identification.js';
import type { Visitor } from './login-throttle.js';
import { csrfTokenOf } from './session-cookies.js';
import { describeSession } from './session-info.js';
import { Sessions } from './sessions.js';

export interface LoggedIn {
  info: SessionInfo;
  /** For the cookie of the session. */
  token: string;
  /** For the cookie of the browser. */
  device: string;
}

/** Log-in of people (O-15): a new session each time, never one that somebody else has named. */
@Injectable()
export class LogInService {
  constructor(
    private readonly identification: Identification,
    private readonly sessions: Sessions,
    private readonly devices: Devices,
  ) {}

  /**
   * @param before token of the session that this browser has had
   * @throws {AppError} LOGIN_FAILED whatever was wrong, LOGIN_BLOCKED, OVERLOADED
   */
  async logIn({ username, ...shown }: LogIn, visitor: Visitor, before: string | undefined): Promise<LoggedIn> {
    return this.identification.identify(visitor, { username, shown }, async (proof, commit) => {
      const { person } = proof;
      const device = await this.devices.add(person.username, visitor.deviceCookie);
      return commit(async (manager) => {
        const from = { address: visitor.address, method: methodOf(proof), before };
        const { id, token, expiresAt } = await this.sessions.begin(manager, person, from);
        const info = await describeSession(manager, {
          id,
          operator: { id: person.operatorId, ...pick(person) },
          institution: person.institution,
          csrfToken: csrfTokenOf(token),
          idleSeconds: this.sessions.times.idleSeconds,
          expiresAt,
        });
        return { info, token, device };
      });
    });
  }
}

const pick = ({ userIdLokal, fullName, role }: Proof['person']) => ({ userIdLokal, fullName, role });

function methodOf({ factor }: Proof): string {
  if (factor === null) return 'password';
  return 'totp' in factor ? 'password+totp' : 'password+recovery-code';
}
