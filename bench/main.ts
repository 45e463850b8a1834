import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../apps/launcher/src/project-root.js';
import { Stack } from '../apps/launcher/src/stack.js';
import { findFaults } from './exactness.js';
import { setUpFullLookUp } from './full-look-up/full-look-up.js';
import { Load } from './load/load.js';
import { startPassThrough } from './pass-through/pass-through.js';
import { readPlan, type Plan } from './plan.js';
import { ProcessWatch } from './processes.js';
import { judge, ratioOf } from './report/aims.js';
import { aimsTable, fixedRateTable, processTable, saturationTable } from './report/table.js';
import { Rounds } from './rounds.js';
import { Sandbox } from './sandbox.js';

/** What must be stopped whatever happens, last come first. */
const running: { stop(): void | Promise<void> }[] = [];

/** `npm run bench`: the full look-up beside a bare pass-through, by turns, on this machine. */
async function bench(plan: Plan, folder: string): Promise<boolean> {
  const machine = describeMachine();
  say(`Benchmark on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}\n`);
  const stack = keep(await Stack.start({ stateDir: join(folder, 'full') }));
  const sandbox = new Sandbox(stack.sandbox.url);
  const full = await setUpFullLookUp(stack, sandbox);
  const passThrough = keep(await startPassThrough(join(folder, 'pass-through'), sandbox));
  const load = keep(await Load.start(await sandbox.findPeople()));
  const watch = keep(
    new ProcessWatch([
      ...full.processes,
      ...passThrough.processes,
      { name: 'sandbox', pid: stack.sandbox.child.pid },
      { name: 'load generator', pid: load.pid },
      { name: 'launcher (takes the logs)', pid: process.pid },
    ]),
  );
  const rounds = new Rounds({ full, passThrough }, load, watch, plan.connections);

  await rounds.warmUp(plan.warmUpMs);
  say(`Saturation: ${plan.connections} connections`);
  const { saturation: most, fixedRate: fixed } = plan;
  const saturation = await rounds.play(most.rounds, most.roundMs, undefined, (round) =>
    say(
      `  ${round.full.perSecond.toFixed(0)}/s beside ${round.passThrough.perSecond.toFixed(0)}/s = ${ratioOf(round).toFixed(2)}`,
    ),
  );
  say(`\nFixed rate: ${fixed.perSecond} look-ups a second`);
  const fixedRate = await rounds.play(fixed.rounds, fixed.roundMs, fixed.perSecond, (round) =>
    say(`  p95 ${round.full.p95.toFixed(1)} ms beside ${round.passThrough.p95.toFixed(1)} ms`),
  );

  const counted = {
    tallies: rounds.tallies,
    hits: { full: await full.hits(), passThrough: await passThrough.hits() },
    ledger: await full.counts(),
  };
  const faults = findFaults(counted);
  const aims = judge(saturation, fixedRate, watch);
  const durability = await full.durability();
  say(`\nSaturation, ${plan.connections} connections\n${saturationTable(saturation)}`);
  say(`\nFixed rate, ${fixed.perSecond} a second\n${fixedRateTable(fixedRate)}`);
  say(`\nProcessor time of one look-up at saturation, ms, and memory\n${processTable(watch, saturation)}`);
  say(`\n${aimsTable(aims)}`);
  say(`\n${describeCounts(counted, faults)}`);

  const memoryMb = Object.fromEntries(watch.watched.map(({ name }) => [name, watch.peakMb(name)]));
  await save({
    at: new Date().toISOString(),
    machine: { ...machine, loadAfter: load1() },
    plan,
    aims,
    faults,
    saturation: saturation.map((round) => ({ ratio: ratioOf(round), ...round })),
    fixedRate,
    memoryMb,
    counted,
    durability,
  });
  return faults.length === 0;
}

function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    loadBefore: load1(),
  };
}

function describeCounts({ tallies, hits }: Parameters<typeof findFaults>[0], faults: string[]): string {
  if (faults.length > 0)
    return `WRONG, so the figures above mean nothing:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return (
    `All ${tallies.full.answered + tallies.passThrough.answered} answers were right. ` +
    `Exact: ${tallies.full.answered} full look-ups = ${hits.full} hits at the sandbox = hits in the ledger = rows of evidence.`
  );
}

async function save(result: unknown): Promise<void> {
  const results = join(projectRoot, 'bench', 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);
  say(`Details: ${join('bench', 'results', 'latest.json')}`);
}

function keep<T extends { stop(): void | Promise<void> }>(part: T): T {
  running.unshift(part);
  return part;
}

async function stopAll(): Promise<void> {
  for (const part of running.splice(0)) await part.stop();
}

const load1 = (): number => Number((loadavg()[0] ?? 0).toFixed(2));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'gerbang-bench-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));
}
try {
  if (!(await bench(readPlan(process.env), folder))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(
    `The benchmark broke off: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`,
  );
  process.exitCode = 1;
} finally {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
}
