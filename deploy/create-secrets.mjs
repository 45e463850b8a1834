/**
 * `node deploy/create-secrets.mjs`: makes the secrets that docker-compose.yml reads, in deploy/secrets. Plain Node, no packages.
 * What is there already stays as it is; to replace a secret, delete its file first (docs/runbook.md).
 *
 * A secret reaches a container as a bind mount that keeps the owner and mode of the file here, and there users without any
 * capability read it (uid 1000 the services and the bus, uid 999 PostgreSQL). So the files are readable for all, and the
 * folder is closed: on this machine nobody but its owner (and root) gets to them, and a container sees only its own.
 */
import { createPublicKey, generateKeyPairSync, createPrivateKey, randomBytes } from 'node:crypto';
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

// nkey seed of the account by which the gateway lets agents of readers in; the bus knows its public half
const busIssuerSeed = 'bus-issuer-seed';

// where agents reach the bus by TLS: cert.pem and key.pem come from the kabupaten's CA (docs/runbook.md)
const busTls = join(folder, 'bus-tls');

// as an authenticator application takes it
const totpSecret = 'demo-totp-secret';

const secrets = [
  'database-superuser-password',
  'database-migrator-password',
  'database-gateway-password',
  'database-nik-verification-password',
  'database-data-balikan-password',
  'database-reporting-password',
  ...busNames.map(fileOf),
  busIssuerSeed,
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

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** So many random bytes (RFC 4648 6); a multiple of five, so that nothing is left over. */
function base32(bytes) {
  // 32 divides 256: each letter is as likely as any other
  return Array.from(randomBytes((bytes * 8) / 5), (byte) => letters[byte % 32]).join('');
}

/** RFC 4648 6 without padding, of bytes with their CRC-16/XMODEM behind them, low byte first: how nkeys are written. */
function nkey(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  const bits = [...bytes, crc & 0xff, crc >> 8].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits
    .match(/.{1,5}/g)
    .map((five) => letters[parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

// of a seed (18 << 3), and of an account (0)
const accountSeed = (key) => nkey([18 << 3, 0, ...key]);
const accountOf = (key) => nkey([0, ...key]);

/** PKCS#8 of an Ed25519 key is these bytes and the key itself (RFC 8410 7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function makeAccountSeed() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return accountSeed(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8.length));
}

/** The public half of a seed. */
function issuerOf(seed) {
  const bits = Array.from(seed, (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((eight) => parseInt(eight, 2)));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, bytes.subarray(2, 34)]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return accountOf(Buffer.from(x, 'base64url'));
}

function make(name) {
  if (name === totpSecret) return base32(20);
  // begins with a letter, so that the bus takes it for a text
  return name === busIssuerSeed ? makeAccountSeed() : `s${randomBytes(32).toString('hex')}`;
}

/** Whole or not at all, and only when it is another one. */
function rewrite(path, content) {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  const draft = `${path}.${process.pid}.draft`;
  create(draft, content);
  renameSync(draft, path);
}

function createUnlessThere(name) {
  const path = join(folder, name);
  if (existsSync(path)) return false;
  create(path, `${make(name)}\n`);
  return true;
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);
const created = secrets.filter(createUnlessThere);

const read = (name) => readFileSync(join(folder, name), 'utf8').trim();
const lines = [
  ...busNames.map((name) => `${name}: "${read(fileOf(name))}"\n`),
  `BUS_ISSUER: "${issuerOf(read(busIssuerSeed))}"\n`,
];
rewrite(busPasswords, lines.join(''));

/** What is there already is never changed; what cannot be written is said, with what to do. */
function writeBusTls(content) {
  try {
    mkdirSync(busTls, { recursive: true, mode: 0o755 });
    rewrite(join(busTls, 'tls.conf'), content);
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
    const named = relative(process.cwd(), busTls);
    process.stderr.write(
      `${named} cannot be written: Docker makes it, owned by root, when \`docker-compose up\` comes before this command. Do\n` +
        `  sudo chown -R "$(id -u):$(id -g)" ${named}\nthen this command again.\n`,
    );
    process.exitCode = 1;
  }
}

// services inside the network of the containers stay as they are; an agent whose address says tls:// takes nothing else
const hasTls = existsSync(join(busTls, 'cert.pem')) && existsSync(join(busTls, 'key.pem'));
const tls = `tls {
  cert_file: "/etc/gerbang/bus-tls/cert.pem"
  key_file: "/etc/gerbang/bus-tls/key.pem"
  timeout: 3
}
allow_non_tls: true
`;
writeBusTls(hasTls ? tls : '# no certificate: put cert.pem and key.pem here, and run create-secrets again\n');

// read by the bus, too; a strict umask may have closed them
for (const name of ['nats.conf', 'nats-container.conf']) chmodSync(join(import.meta.dirname, name), 0o644);

const place = relative(process.cwd(), folder) || '.';
process.stdout.write(
  created.length > 0
    ? `Made in ${place}: ${created.join(', ')}\n`
    : `Nothing to make: ${place} holds all ${secrets.length} secrets already.\n`,
);
