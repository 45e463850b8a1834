import { giveActivationCode } from '../../apps/gateway/src/provisioning/first-people.js';
import { withInstallation, type Installation } from '../../apps/gateway/src/provisioning/installation.js';
import { activate, login, type LoggedInPerson } from './people.js';
import type { RunningStack } from './running-stack.js';

export const password = 'gerobak hijau mendaki bukit';

/** As a command at the machine itself works: with the gateway's own environment. */
export function atTheMachine<R>(stack: RunningStack, work: (installation: Installation) => Promise<R>): Promise<R> {
  return withInstallation(stack.stack.environmentOf('gateway'), work);
}

export interface Credentials {
  username: string;
  password: string;
  totpSecret: string | undefined;
}

/** Gives somebody who is on file an account that is active. */
export async function openAccount(stack: RunningStack, username: string): Promise<Credentials> {
  const { activationCode } = await atTheMachine(stack, (installation) =>
    giveActivationCode(installation, username, 'Akun uji'),
  );
  return { username, password, totpSecret: await activate(stack, username, activationCode, password) };
}

export function logInAs(stack: RunningStack, who: Credentials): Promise<LoggedInPerson> {
  return login(stack, who.username, who.password, who.totpSecret);
}
