import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUpDatabase } from '../../dist/apps/launcher/src/database-setup.js';
import { EmbeddedPostgres } from '../../dist/apps/launcher/src/embedded-postgres.js';
import { LogFile } from '../../dist/apps/launcher/src/log-file.js';

const superuserPassword = 'superuser-of-the-tests';
const passwords = {
  migrator: 'migrator-of-the-tests',
  gateway: 'gateway-of-the-tests',
  nik_verification: 'verification-of-the-tests',
  data_balikan: 'balikan-of-the-tests',
  reporting: 'reporting-of-the-tests',
};

/**
 * One PostgreSQL for the whole run; each test file takes a fresh database from the migrated template. A stack of its own begins with a
 * copy of the same data folder: making one takes longer than everything else of its start.
 */
export default async function globalSetup() {
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-test-'));
  const state = join(folder, 'state');
  mkdirSync(state);
  const openLog = () => new LogFile(join(folder, 'postgres.log'));
  const start = (data) => EmbeddedPostgres.start({ folder: data, password: superuserPassword, openLog });

  const first = await start(join(state, 'postgres'));
  const admin = await first.connect();
  await admin.query('CREATE DATABASE gerbang');
  await admin.end();
  const superuser = { user: first.user, password: superuserPassword };
  const { host, port } = first;
  await setUpDatabase({ host, port, database: 'gerbang', superuser, passwords });
  await first.stop();
  // as the launcher keeps them
  const secrets = Object.entries({ superuser: superuserPassword, ...passwords });
  const named = Object.fromEntries(secrets.map(([role, password]) => [`database-${role}`, password]));
  writeFileSync(join(state, 'secrets.json'), JSON.stringify(named), { mode: 0o600 });

  execFileSync('cp', ['-a', join(state, 'postgres'), join(folder, 'postgres')]);
  const postgres = await start(join(folder, 'postgres'));
  const again = await postgres.connect();
  await again.query('ALTER DATABASE gerbang RENAME TO template_gerbang');
  await again.end();
  process.env.GERBANG_TEST_STATE = state;
  process.env.GERBANG_TEST_POSTGRES = JSON.stringify({
    host: postgres.host,
    port: postgres.port,
    superuserPassword,
    passwords,
  });
  globalThis.gerbangTest = { postgres, folder };
}
