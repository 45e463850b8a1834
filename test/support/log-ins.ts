import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash, verify } from '@node-rs/argon2';
import { Secret, TOTP } from 'otpauth';
import { DataSource } from 'typeorm';
import type { Role } from '#contracts';
import { dataSourceOptions, Log } from '#service';
import { databaseEntities, databaseSchema } from '../../apps/gateway/src/app.module.js';
import { SealingKey } from '#service/keys/sealing-key';
import { AccountService } from '../../apps/gateway/src/sessions/account.service.js';
import { Accounts } from '../../apps/gateway/src/sessions/accounts.js';
import { Activation, issueActivationCode } from '../../apps/gateway/src/sessions/activation.js';
import { Credentials } from '../../apps/gateway/src/sessions/credentials.js';
import { Devices } from '../../apps/gateway/src/sessions/devices.js';
import { Identification } from '../../apps/gateway/src/sessions/identification.js';
import { LogInService } from '../../apps/gateway/src/sessions/log-in.service.js';
import { LoginThrottle } from '../../apps/gateway/src/sessions/login-throttle.js';
import { Passwords } from '../../apps/gateway/src/sessions/passwords.js';
import { SecondFactors } from '../../apps/gateway/src/sessions/second-factors.js';
import { Sessions } from '../../apps/gateway/src/sessions/sessions.js';
import { TestDatabase } from './test-database.js';

export const times = { idleSeconds: 900, hours: 10 };
export const password = 'kuda baterai staples benar';

/** One gateway's part for the log-in of people, as session-providers.ts puts it together. */
export function makeGateway(source: DataSource, keyDir: string) {
  const argon = { verified: 0 };
  const passwords = new Passwords({
    hash,
    verify: (hashed, given) => {
      argon.verified += 1;
      return verify(hashed, given);
    },
  });
  const key = new SealingKey(keyDir);
  const accounts = new Accounts(source);
  const devices = new Devices(source, key);
  const throttle = new LoginThrottle(source, devices);
  const credentials = new Credentials(accounts, passwords, key, Log.create('gateway', 'error'));
  const identification = new Identification(source, throttle, credentials);
  const secondFactors = new SecondFactors(key);
  const sessions = new Sessions(source, times);
  return {
    argon,
    throttle,
    sessions,
    logIns: new LogInService(identification, sessions, devices),
    activation: new Activation(source, throttle, accounts, passwords, secondFactors),
    account: new AccountService(accounts, identification, passwords, secondFactors),
  };
}
export type Gateway = ReturnType<typeof makeGateway>;

export interface TestPerson {
  operatorId: string;
  username: string;
  role: Role;
  secret: string | null;
  recoveryCodes: string[];
}

/** A database with one office, and any number of gateways on it. */
export class LogIns {
  private made = 0;
  private readonly sources: DataSource[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly keyDir: string,
    readonly institutionId: string,
    readonly gateway: Gateway,
    readonly source: DataSource,
  ) {}

  static async create(): Promise<LogIns> {
    const database = await TestDatabase.create();
    const keyDir = await mkdtemp(join(tmpdir(), 'gerbang-keys-'));
    const { rows } = await database.asSuperuser(database.name, (admin) =>
      admin.query<{ id: string }>(
        "INSERT INTO access.institution (name, region_code) VALUES ('Kecamatan Uji', '33.98.01') RETURNING id",
      ),
    );
    const source = await connect(database);
    const logIns = new LogIns(database, keyDir, rows[0]?.id ?? '', makeGateway(source, keyDir), source);
    logIns.sources.push(source);
    return logIns;
  }

  /** Another gateway beside the first, with connections of its own. */
  async addGateway(): Promise<Gateway> {
    const source = await connect(this.database);
    this.sources.push(source);
    return makeGateway(source, this.keyDir);
  }

  async drop(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.destroy()));
    await this.database.drop();
    await rm(this.keyDir, { recursive: true });
  }

  async addOperator(role: Role, activeFrom = '2020-01-01'): Promise<{ operatorId: string; username: string }> {
    this.made += 1;
    const username = `uji${this.made}`;
    const [row] = await this.source.query<{ id: string }[]>(
      `INSERT INTO access.operator (institution_id, user_id_lokal, full_name, role, active_from)
       VALUES ($1, $2, 'Orang Uji', $3, $4) RETURNING id`,
      [this.institutionId, username, role, activeFrom],
    );
    return { operatorId: row?.id ?? '', username };
  }

  issueCode(operatorId: string, username: string) {
    return this.source.transaction((manager) => issueActivationCode(manager, operatorId, username));
  }

  /** Somebody who has activated the account. */
  async addPerson(role: Role): Promise<TestPerson> {
    const { operatorId, username } = await this.addOperator(role);
    const { activationCode } = await this.issueCode(operatorId, username);
    const visitor = { address: '10.9.9.9', deviceCookie: undefined };
    const { secondFactor } = await this.gateway.activation.activate({ username, activationCode, password }, visitor);
    return {
      operatorId,
      username,
      role,
      secret: secondFactor?.secret ?? null,
      recoveryCodes: secondFactor?.recoveryCodes ?? [],
    };
  }

  /** What the person's authenticator shows at a moment of the database's clock. */
  async code({ secret }: { secret: string | null }, stepsFromNow = 0): Promise<string> {
    const [row] = await this.source.query<{ now: Date }[]>('SELECT access.clock() AS now');
    return codeAt(secret ?? '', (row?.now.getTime() ?? 0) + stepsFromNow * 30_000);
  }

  /** What is on record of somebody, oldest first. */
  async recordsOf(operatorId: string): Promise<{ act: string; after: unknown; reason: string | null }[]> {
    return this.source.query(
      `SELECT act, actor_kind AS "actorKind", after, reason FROM access.admin_event
       WHERE subject_id = $1 OR subject_id IN (SELECT id::text FROM access.session WHERE operator_id = $1::uuid) ORDER BY id`,
      [operatorId],
    );
  }
}

export const codeAt = (secret: string, timestamp: number): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });

async function connect(database: TestDatabase): Promise<DataSource> {
  const { host, port, passwords } = database.server;
  const config = { host, port, name: database.name, user: 'gateway', password: passwords.gateway, poolSize: 5 };
  return new DataSource(dataSourceOptions('test', databaseSchema, config, databaseEntities)).initialize();
}
