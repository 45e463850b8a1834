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

/** One PostgreSQL for the whole run; each test file takes a fresh database from the migrated template. */
export default async function globalSetup() {
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-test-'));
  const postgres = await EmbeddedPostgres.start({
    folder: join(folder, 'postgres'),
    password: superuserPassword,
    openLog: () => new LogFile(join(folder, 'postgres.log')),
  });
  const admin = await postgres.connect();
  await admin.query('CREATE DATABASE template_gerbang');
  await admin.end();
  await setUpDatabase({
    host: postgres.host,
    port: postgres.port,
    database: 'template_gerbang',
    superuser: { user: postgres.user, password: superuserPassword },
    passwords,
  });
  process.env.GERBANG_TEST_POSTGRES = JSON.stringify({
    host: postgres.host,
    port: postgres.port,
    superuserPassword,
    passwords,
  });
  globalThis.gerbangTest = { postgres, folder };
}
