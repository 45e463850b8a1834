// Compiles the repository into dist/ (nest build), unless nothing has changed since the last time: `npm start` on a slow
// machine should not wait for a compiler that has nothing to do. --force compiles in any case.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleVerifier } from '../apps/verifier/bundle.mjs';

const inputs = [
  'apps',
  'libs',
  'bench',
  'proof',
  'apps/verifier/bundle.mjs',
  'apps/verifier/src/page.css',
  'apps/verifier/src/page.html',
  'nest-cli.json',
  'package-lock.json',
  'tsconfig.build.json',
  'tsconfig.json',
];
const stamp = 'dist/.inputs';

const state = fingerprint();
if (process.argv.includes('--force') || read(stamp) !== state) {
  const nest = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  const built = spawnSync(process.execPath, [nest, 'build', 'gateway'], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(built.status ?? 1);
  // the compiler writes no execute bit, and npm sets it only when it links the command for the first time
  for (const command of ['gateway/src/command-line', 'reader-agent/src'])
    chmodSync(`dist/apps/${command}/main.js`, 0o755);
  await bundleVerifier();
  writeFileSync(stamp, state);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(files).sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.type-test)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
