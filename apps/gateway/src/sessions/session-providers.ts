import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Log } from '#service';
import { SealingKey } from '#service/keys/sealing-key';
import { AccountService } from './account.service.js';
import { Accounts } from './accounts.js';
import { Activation } from './activation.js';
import { Credentials } from './credentials.js';
import { Devices } from './devices.js';
import { Identification } from './identification.js';
import { LogInService } from './log-in.service.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import { SessionCookies } from './session-cookies.js';
import { SessionStrategy } from './session.strategy.js';
import { Sessions, type SessionTimes } from './sessions.js';

export interface SessionSettings extends SessionTimes {
  /** Whether browsers reach the gateway by TLS only, so that the cookies may be Secure. */
  secure: boolean;
}

/** Everything behind the log-in of people. */
export function sessionProviders(settings: SessionSettings, log: Log): Provider[] {
  return [
    { provide: SessionCookies, useValue: new SessionCookies(settings.secure) },
    { provide: Passwords, useValue: new Passwords() },
    {
      provide: Sessions,
      useFactory: (source: DataSource) => new Sessions(source, settings),
      inject: [DataSource],
    },
    {
      provide: Credentials,
      useFactory: (accounts: Accounts, passwords: Passwords, key: SealingKey) =>
        new Credentials(accounts, passwords, key, log),
      inject: [Accounts, Passwords, SealingKey],
    },
    SessionStrategy,
    Accounts,
    Devices,
    SecondFactors,
    LoginThrottle,
    Identification,
    LogInService,
    Activation,
    AccountService,
  ];
}
