import { spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { projectRoot } from '../../apps/launcher/src/project-root.js';
import { holdAtLedger } from '../drive/interruptions.js';
import type { Tour } from '../drive/tour.js';
import { LauncherInstallation } from '../installation/launcher-installation.js';
import { patternsOf } from '../search/encodings.js';
import { searchFile } from '../search/file-search.js';
import { Matcher } from '../search/matcher.js';
import { corePattern } from './core-places.js';

/** Whether a service without the shipped limit does leave a core dump with a person in it, so that its absence means something. */
export interface CoreControl {
  shown: boolean;
  /** Indonesian. */
  told: string;
  bytes?: number;
  found?: number;
}

const label = 'control: core dump without the limit';

/** Runs nik-verification beside the launcher, with core dumps left on, crashes it in mid-answer, and searches what it leaves. */
export async function controlCoreDump(tour: Tour, folder: string, possible: boolean): Promise<CoreControl> {
  const { installation } = tour;
  const pattern = corePattern();
  const why = whyNot(installation instanceof LauncherInstallation, possible, pattern);
  if (why || !(installation instanceof LauncherInstallation)) return { shown: false, told: why ?? '' };
  const cwd = join(folder, 'core-control');
  await mkdir(cwd, { recursive: true });
  const place = isAbsolute(pattern) ? dirname(pattern) : cwd;
  const before = new Set(await readdir(place));
  await installation.end('nik-verification', 'SIGTERM');
  const service = await startUnlimited(installation, cwd);
  const held = await holdAtLedger(tour, label);
  service.kill('SIGABRT');
  await service.ended;
  await held.letGo();
  await installation.revive('nik-verification');
  tour.leave(held.answers);
  const cores = (await readdir(place)).filter((name) => !before.has(name) && name.includes('core'));
  const control = await searchCores(
    tour,
    cores.map((name) => join(place, name)),
  );
  // it is the proof's own, and a person is in it
  for (const name of cores) await rm(join(place, name), { force: true });
  await rm(cwd, { recursive: true, force: true });
  return control;
}

function whyNot(launched: boolean, possible: boolean, pattern: string): string | undefined {
  if (!launched) return 'hanya dapat ditunjukkan pada instalasi yang dijalankan oleh launcher';
  if (!possible) return 'mesin ini tidak mengizinkan core dump (batas keras 0)';
  if (pattern.startsWith('|')) return 'mesin ini menyerahkan core dump kepada program lain';
  return pattern === '' ? 'mesin ini tidak memberi tahu ke mana core dump ditulis' : undefined;
}

async function searchCores(tour: Tour, cores: string[]): Promise<CoreControl> {
  const secrets = tour.canaries.secrets.filter(({ canary }) => canary.startsWith(label));
  const matcher = new Matcher(patternsOf(secrets));
  let [bytes, found] = [0, 0];
  for (const core of cores) {
    const searched = await searchFile(core, matcher);
    bytes += searched.bytes;
    for (const { count } of searched.search.finds.values()) found += count;
  }
  const told =
    found > 0
      ? 'tanpa batas itu, layanan yang jatuh meninggalkan core dump yang memuat nilai canary'
      : cores.length > 0
        ? 'core dump ada, tetapi tidak memuat nilai canary'
        : 'tidak ada core dump yang ditemukan';
  return { shown: found > 0, told, bytes, found };
}

async function startUnlimited(installation: LauncherInstallation, cwd: string) {
  const main = join(projectRoot, 'dist', 'apps', 'nik-verification', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', '--max-old-space-size=128', main], {
    cwd,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...installation.environmentOf('nik-verification') },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if ((message as { msg?: unknown }).msg === 'ready') resolve();
    });
  });
  await Promise.race([
    ready,
    ended.then(() => {
      throw new Error('the service without a core limit did not start');
    }),
  ]);
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
}
