import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { UpstreamAccess } from '#contracts';
import { AgreementKeys, dataSourceOptions, KeyFolder, poolOf } from '#service';
import { ConfigurationController } from '../configuration/configuration.controller.js';
import { Pseudonymiser } from '../evidence/pseudonym.js';
import * as entities from '../ledger/entities.js';
import { AccessRights } from './access-rights.js';
import { GateKeeper } from './gate-keeper.js';
import { UpstreamDirectory } from './upstream-directory.js';

/** What one process of nik-verification holds: none of it is shared with the other ones but by database and folder. */
export interface Replica {
  source: DataSource;
  folder: KeyFolder;
  keys: AgreementKeys;
  rights: AccessRights;
  directory: UpstreamDirectory;
  controller: ConfigurationController;
  pseudonymiser: Pseudonymiser;
}

export const makeAccess = (overrides: Partial<UpstreamAccess> = {}): UpstreamAccess => ({
  baseUrl: 'http://127.0.0.1:9',
  lookupPath: '/dukcapil/get_json/33-99/uji/call_nik',
  userId: 'UJI',
  password: 'rahasia',
  ip: '10.0.0.10',
  dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
  ...overrides,
});

export const makeIds = () => ({ institutionId: randomUUID(), agreementId: randomUUID() });

/** What of a test database is needed here: this file is compiled with the app, which knows nothing of the tests. */
interface Database {
  name: string;
  server: { host: string; port: number; passwords: { nik_verification: string } };
}

/** A database and a key folder, and as many replicas on them as a test wants. */
export class Replicas {
  private readonly started: Replica[] = [];

  private constructor(
    private readonly database: Database,
    readonly folder: string,
  ) {}

  static async create(database: Database): Promise<Replicas> {
    return new Replicas(database, await mkdtemp(join(tmpdir(), 'gerbang-keys-')));
  }

  async start(): Promise<Replica> {
    const { host, port, passwords } = this.database.server;
    const source = await new DataSource(
      dataSourceOptions(
        'test',
        'verification',
        {
          host,
          port,
          name: this.database.name,
          user: 'nik_verification',
          password: passwords.nik_verification,
          poolSize: 4,
        },
        Object.values(entities),
      ),
    ).initialize();
    const folder = new KeyFolder(this.folder);
    const keys = new AgreementKeys(folder);
    const rights = new AccessRights(source.getRepository(entities.UpstreamAccessRow), keys);
    const directory = new UpstreamDirectory(rights, { connectMs: 1_000, connections: 2 });
    const gates = new GateKeeper(poolOf(source), directory, { waitMs: 1_000, mostWaitMs: 1_000 });
    const grants = source.getRepository(entities.QuotaGrant);
    const controller = new ConfigurationController(grants, keys, rights, directory, gates);
    const replica = { source, folder, keys, rights, directory, controller, pseudonymiser: new Pseudonymiser(folder) };
    this.started.push(replica);
    return replica;
  }

  /** The key files of an agreement, and what else has its id. */
  async filesOf(agreementId: string): Promise<string[]> {
    return (await readdir(this.folder)).filter((file) => file.includes(agreementId)).sort();
  }

  async close(): Promise<void> {
    for (const { directory, source } of this.started) {
      await directory.close();
      await source.destroy();
    }
    await rm(this.folder, { recursive: true });
  }
}

/** As another replica sees it: opened anew from the row and the key. */
export async function openAt({ rights }: Replica, institutionId: string): Promise<UpstreamAccess | undefined> {
  const sealed = await rights.find(institutionId);
  return sealed && rights.open(sealed);
}
