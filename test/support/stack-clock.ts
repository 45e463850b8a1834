import type { AccountActivated } from '#contracts';
import { Browser, type Answered } from './browser.js';
import { codeAt } from './log-ins.js';
import type { RunningStack } from './running-stack.js';

/** The clocks of the access decision and of the ledger, which stand still wherever a test sets them. */
export class StackClock {
  private moment = new Date(0);

  constructor(private readonly stack: RunningStack) {}

  get now(): number {
    return this.moment.getTime();
  }

  /** @param moment with its zone, `2027-01-04T09:00:00+07:00` */
  async set(moment: string): Promise<void> {
    this.moment = new Date(moment);
    const functions = ['access.clock', 'verification.ledger_now'].map(
      (name) =>
        `CREATE OR REPLACE FUNCTION ${name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT '${this.moment.toISOString()}'::timestamptz $$;`,
    );
    // one simple query is one transaction: nobody ever sees the one without the other
    await this.stack.sql(functions.join('\n'));
  }
}

const password = 'kuda baterai staples benar';
const idleMs = 900_000;

/** Somebody with an account who logs in again whenever the clock has left their session behind. */
export class Official {
  private session: { browser: Browser; at: number } | undefined;

  private constructor(
    private readonly stack: RunningStack,
    private readonly clock: StackClock,
    readonly username: string,
    private readonly totpSecret: string | undefined,
  ) {}

  /** Sets the password over REST. */
  static async activate(
    stack: RunningStack,
    clock: StackClock,
    { username, activationCode }: { username: string; activationCode: string },
  ): Promise<Official> {
    stack.keepSecret(password, activationCode);
    const form = { username, activationCode, password };
    const { status, body } = await new Browser(stack.url).send('POST', '/v1/account/activation', form);
    if (status !== 200) throw new Error(`no activation of ${username}: ${JSON.stringify(body)}`);
    const { secondFactor } = body as unknown as AccountActivated;
    if (secondFactor) stack.keepSecret(secondFactor.secret, ...secondFactor.recoveryCodes);
    return new Official(stack, clock, username, secondFactor?.secret);
  }

  async send(method: string, path: string, body?: unknown): Promise<Answered> {
    return (await this.browser()).send(method, path, body);
  }

  /** The session's cookie as a header has it. */
  async cookie(): Promise<string> {
    return [...(await this.browser()).cookies].map((pair) => pair.join('=')).join('; ');
  }

  private async browser(): Promise<Browser> {
    const { now } = this.clock;
    if (!this.session || now - this.session.at >= idleMs) {
      const browser = new Browser(this.stack.url);
      const code = this.totpSecret === undefined ? {} : { code: codeAt(this.totpSecret, now) };
      const { status, body } = await browser.logIn({ username: this.username, password, ...code });
      if (status !== 200) throw new Error(`no log-in of ${this.username}: ${JSON.stringify(body)}`);
      this.session = { browser, at: now };
    }
    return this.session.browser;
  }
}
