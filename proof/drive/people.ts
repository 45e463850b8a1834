import { parseSetCookie } from 'cookie';
import { Secret, TOTP } from 'otpauth';
import { logIn, type Role, type SessionInfo } from '#contracts';
import { json, type Caller } from './caller.js';
import type { LogIn } from './offices.js';

/** Somebody who has logged in, by what their browser sends. */
export interface Person {
  headers: Record<string, string>;
  session: SessionInfo;
}

export type People = Record<Role, Person>;

/** Logs somebody in as the contract has it. Codes count once, so once a run. */
export async function logInAs(caller: Caller, role: Role, { username, password, totpSecret }: LogIn): Promise<Person> {
  const code = role === 'operator' ? {} : { code: TOTP.generate({ secret: Secret.fromBase32(totpSecret) }) };
  const answer = await caller.send('log in', logIn, {
    headers: { ...json, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ username, password, ...code }),
  });
  if (answer.status !== 200) throw new Error(`${role} could not log in: ${answer.result}`);
  const session = answer.body as unknown as SessionInfo;
  const cookies = answer.headers.getSetCookie().map((line) => {
    const { name, value } = parseSetCookie(line);
    return `${name}=${value}`;
  });
  const headers = { cookie: cookies.join('; '), 'x-csrf-token': session.csrfToken, 'sec-fetch-site': 'same-origin' };
  return { headers, session };
}
