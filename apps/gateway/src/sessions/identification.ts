import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Credentials, type Proof, type Shown } from './credentials.js';
import { LoginThrottle, type Visitor } from './login-throttle.js';
import { usernameOf } from './username.js';

/** Uses up the proof and does what it was shown for, in one transaction. */
export type Commit = <R>(act: (manager: EntityManager) => Promise<R>) => Promise<R>;

export interface Claim {
  username: string;
  shown: Shown;
  /** 'password': whoever asks has a session, which has shown a second factor. */
  demand?: 'password' | 'both';
}

/** The way to be somebody: attempts are counted first, then checked, then used up together with what they allow. */
@Injectable()
export class Identification {
  constructor(
    private readonly source: DataSource,
    private readonly throttle: LoginThrottle,
    private readonly credentials: Credentials,
  ) {}

  /**
   * @param work is called when everything shown was right; what it does not commit leaves no trace
   * @throws {AppError} LOGIN_FAILED, LOGIN_BLOCKED, OVERLOADED
   */
  async identify<T>(
    visitor: Visitor,
    { username: typed, shown, demand }: Claim,
    work: (proof: Proof, commit: Commit) => Promise<T>,
  ): Promise<T> {
    const username = usernameOf(typed);
    return this.throttle.guard(username, visitor, async (clear) => {
      const proof = await this.credentials.check(username, shown, demand);
      return work(proof, (act) =>
        this.source.transaction(async (manager) => {
          await this.credentials.redeem(manager, proof);
          const result = await act(manager);
          await clear(manager);
          return result;
        }),
      );
    });
  }
}
