import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { Turnstile } from './turnstile.js';

/** OWASP Password Storage: argon2id (the library's default), 19 MiB, two passes, one lane. */
export const argonParameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Takes the place of the hash of somebody who does not exist, at the same cost; nobody knows a password for it. */
export const nobodysHash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export interface Argon {
  hash(password: string, parameters: typeof argonParameters): Promise<string>;
  verify(hashed: string, password: string): Promise<boolean>;
}

/** Of Node's four threads for such work two stay free for everything else. */
const atOnce = 2;
const longestQueue = 50;

/** The one place where passwords are hashed and compared, with a bound on the memory and time that strangers can take. */
@Injectable()
export class Passwords {
  private readonly turnstile = new Turnstile(atOnce, longestQueue);

  constructor(private readonly argon: Argon = { hash, verify }) {}

  /** @returns PHC string. @throws {AppError} OVERLOADED */
  async hash(password: string): Promise<string> {
    return this.turnstile.pass(() => this.argon.hash(normalised(password), argonParameters));
  }

  /**
   * @param hashed null: there is nothing to compare with, which takes the same time and is false
   * @throws {AppError} OVERLOADED
   */
  async matches(password: string, hashed: string | null): Promise<boolean> {
    const same = await this.turnstile.pass(() => this.argon.verify(hashed ?? nobodysHash, normalised(password)));
    return same && hashed !== null;
  }
}

/** One spelling, whatever keyboard wrote it (NIST SP 800-63B 5.1.1.2). */
export const normalised = (password: string): string => password.normalize('NFKC');
