import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCoreDumps } from './core-limit.js';
import { projectRoot } from './project-root.js';
import { runProvisioning } from './provisioning.js';
import type { Stack } from './stack.js';
import { StartError } from './start-error.js';
import { writeJson } from './write-json.js';

const region = '33.99.01';
/** As the simulator has it in its slot. */
const samSerial = 'SAM-9901';

/** A reader at Kecamatan Contoh whose card, SAM and finger are simulated; its agent joins as on any PC, and is started. */
export async function startDemoReader(stack: Stack): Promise<{ id: string }> {
  const { state } = stack;
  const folder = state.folder('reader-agent');
  const { readerId, code } = await seed(stack, !hasJoined(folder, stack.nats.url));
  if (code !== null) await joinBus(stack, folder, code);
  if (!existsSync(join(folder, 'agent.json'))) writeJson(join(folder, 'agent.json'), { adapter: 'simulator' });
  await stack.addReaderAgent(folder);
  return { id: readerId };
}

/** The broker's port may be another one at each start; then the PC joins anew, and the old key counts no more. */
function hasJoined(folder: string, broker: string): boolean {
  const path = join(folder, 'identity.json');
  return existsSync(path) && readFileSync(path, 'utf8').includes(JSON.stringify(broker));
}

/** @param join whether a join code is wanted */
async function seed(stack: Stack, join: boolean): Promise<{ readerId: string; code: string | null }> {
  const path = stack.state.file(`reader-${process.pid}.json`);
  try {
    writeJson(path, {
      regionCode: region,
      reader: { brand: 'Simulator', type: 'Demo', serial: 'RDR-9901', workUnit: 'Pelayanan Umum' },
      sam: { serial: samSerial, pcidFingerprint: createHash('sha256').update('simulator').digest('hex') },
      join,
    });
    const environment = { ...stack.environmentOf('gateway'), GATEWAY_SEED: 'true' };
    const said = await runProvisioning(environment, ['--reader', path]);
    return JSON.parse(said.trim().split('\n').at(-1) ?? '') as { readerId: string; code: string | null };
  } finally {
    rmSync(path, { force: true });
  }
}

function joinBus(stack: Stack, folder: string, code: string): Promise<void> {
  const main = join(projectRoot, 'dist', 'apps', 'reader-agent', 'src', 'main.js');
  const args = [main, 'join', code, '--url', stack.gatewayUrl, '--state', folder];
  const { command, args: all } = withoutCoreDumps(process.execPath, args);
  const child = spawn(command, all, { env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 ? resolve() : reject(new StartError(`The demo's reader did not join:\n${said.slice(0, 2_000)}`)),
    );
  });
}
