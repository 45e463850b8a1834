/**
 * `node deploy/create-secrets.mjs`: makes the secrets that docker-compose.yml reads, in deploy/secrets. Plain Node, no packages.
 * What is there already stays as it is; to replace a secret, delete its file first (docs/runbook.md).
 *
 * A secret reaches a container as a bind mount that keeps the owner and mode of the file here, and there users without any
 * capability read it (uid 1000 the services and the bus, uid 999 PostgreSQL). So the files are readable for all, and the
 * folder is closed: on this machine nobody but its owner (and root) gets to them, and a container sees only its own.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const folder = join(import.meta.dirname, 'secrets');
const busConfiguration = join(import.meta.dirname, 'nats.conf');
const busPasswords = join(folder, 'nats-passwords.conf');

// GATEWAY_NATS_PASSWORD, ...: as nats.conf names them
const busNames = [...readFileSync(busConfiguration, 'utf8').matchAll(/\$([A-Z_]+_NATS_PASSWORD)/g)].map(
  ([, name]) => name,
);
const fileOf = (busName) => busName.toLowerCase().replaceAll('_', '-');

// as an authenticator application takes it
const totpSecret = 'demo-totp-secret';

const secrets = [
  'database-superuser-password',
  'database-migrator-password',
  'database-gateway-password',
  'database-nik-verification-password',
  'database-data-balikan-password',
  ...busNames.map(fileOf),
  // of the profile `sandbox`
  'demo-client-secret',
  'demo-expired-client-secret',
  'demo-ministry-password',
  'demo-operator-password',
  'demo-camat-password',
  'demo-admin-password',
  'demo-evaluator-password',
  totpSecret,
];

/** Mode 0444, whatever the umask; `wx` never replaces what is there. */
function create(path, content) {
  writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  chmodSync(path, 0o444);
}

/** So many random bytes (RFC 4648 6); a multiple of five, so that nothing is left over. */
function base32(bytes) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  // 32 divides 256: each letter is as likely as any other
  return Array.from(randomBytes((bytes * 8) / 5), (byte) => letters[byte % 32]).join('');
}

function createUnlessThere(name) {
  const path = join(folder, name);
  if (existsSync(path)) return false;
  // begins with a letter, so that the bus takes it for a text
  create(path, name === totpSecret ? `${base32(20)}\n` : `s${randomBytes(32).toString('hex')}\n`);
  return true;
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);
const created = secrets.filter(createUnlessThere);

const lines = busNames
  .map((name) => `${name}: "${readFileSync(join(folder, fileOf(name)), 'utf8').trim()}"\n`)
  .join('');
if (!existsSync(busPasswords) || readFileSync(busPasswords, 'utf8') !== lines) {
  const draft = `${busPasswords}.${process.pid}.draft`;
  create(draft, lines);
  renameSync(draft, busPasswords);
}
// read by the bus, too; a strict umask may have closed them
for (const name of ['nats.conf', 'nats-container.conf']) chmodSync(join(import.meta.dirname, name), 0o644);

const place = relative(process.cwd(), folder) || '.';
process.stdout.write(
  created.length > 0
    ? `Made in ${place}: ${created.join(', ')}\n`
    : `Nothing to make: ${place} holds all ${secrets.length} secrets already.\n`,
);
