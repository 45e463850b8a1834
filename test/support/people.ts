import { TOTP } from 'otpauth';
import type { AccountActivated, SessionInfo } from '#contracts';
import { Browser, type Answered } from './browser.js';
import { codeAt } from './log-ins.js';
import type { RunningStack } from './running-stack.js';

const stepMs = 30_000;
/** The last step of each secret that a code was made of: a step counts once. */
const lastSteps = new Map<string, number>();

/** Somebody who has logged in at a running stack. */
export interface LoggedInPerson {
  /** As the header has it, `name=value; name=value`. */
  cookie: string;
  csrf: string;
  session: SessionInfo;
  browser: Browser;
  send(method: string, path: string, body?: unknown): Promise<Answered>;
}

/** Sets the first password with an activation code; answers the secret of the second factor, base32, if there is one. */
export async function activate(
  stack: RunningStack,
  username: string,
  activationCode: string,
  password: string,
): Promise<string | undefined> {
  stack.keepSecret(password, activationCode);
  const answer = await new Browser(stack.url).send('POST', '/v1/account/activation', {
    username,
    activationCode,
    password,
  });
  if (answer.status !== 200) throw new Error(`no activation: ${JSON.stringify(answer.body)}`);
  const { secondFactor } = answer.body as unknown as AccountActivated;
  if (secondFactor) stack.keepSecret(secondFactor.secret);
  return secondFactor?.secret;
}

/** @param url one of the stack's gateways; by default its first */
export async function login(
  stack: RunningStack,
  username: string,
  password: string,
  totpSecret?: string,
  url = stack.url,
): Promise<LoggedInPerson> {
  stack.keepSecret(password);
  const browser = new Browser(url);
  const code = totpSecret === undefined ? {} : { code: await nextCode(totpSecret) };
  const answer = await browser.logIn({ username, password, ...code });
  if (answer.status !== 200) throw new Error(`no log-in: ${JSON.stringify(answer.body)}`);
  return {
    cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
    csrf: browser.csrfToken,
    session: answer.body as unknown as SessionInfo,
    browser,
    send: (method, path, body) => browser.send(method, path, body),
  };
}

/** A code that was not used yet: of this step or the next one, and after that it is waited for. */
export async function nextCode(secret: string): Promise<string> {
  const step = Math.max(TOTP.counter({ period: stepMs / 1_000 }), (lastSteps.get(secret) ?? 0) + 1);
  lastSteps.set(secret, step);
  // the gateway takes the step before and the step after its own
  const early = (step - 1) * stepMs - Date.now();
  if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
  return codeAt(secret, step * stepMs);
}
