import { join } from 'node:path';
import { Stack } from '../apps/launcher/src/stack.js';
import { benchDataBalikan } from './data-balikan/bench.js';
import { readBalikanPlan } from './data-balikan/plan.js';
import { findFaults } from './exactness.js';
import { setUpFullLookUp } from './full-look-up/full-look-up.js';
import { Load } from './load/load.js';
import { describeMachine, load1 } from './machine.js';
import { startPassThrough } from './pass-through/pass-through.js';
import { readPlan, type Plan } from './plan.js';
import { ProcessWatch } from './processes.js';
import { judge, ratioOf } from './report/aims.js';
import { save, say } from './report/results.js';
import { aimsTable, fixedRateTable, processTable, saturationTable } from './report/table.js';
import { benchReporting } from './reporting/bench.js';
import { readReportingPlan } from './reporting/plan.js';
import { Rounds } from './rounds.js';
import { runBenchmark, type Run } from './run.js';
import { Sandbox } from './sandbox.js';

/** The full look-up beside a bare pass-through, by turns, on this machine. */
async function benchLookUps(plan: Plan, { folder, parts }: Run): Promise<boolean> {
  const machine = describeMachine();
  say(`Benchmark on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}\n`);
  const stack = parts.keep(await Stack.start({ stateDir: join(folder, 'full') }));
  const sandbox = new Sandbox(stack.sandbox.url);
  const full = await setUpFullLookUp(stack, sandbox);
  const passThrough = parts.keep(await startPassThrough(join(folder, 'pass-through'), sandbox));
  const load = parts.keep(await Load.start(await sandbox.findPeople()));
  const watch = parts.keep(
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
  const processes = processTable(watch, saturation, { full: 'full', passThrough: 'pass-through' });
  say(`\nProcessor time of one look-up at saturation, ms, and memory\n${processes}`);
  say(`\n${aimsTable(aims)}`);
  say(`\n${describeCounts(counted, faults)}`);

  const memoryMb = Object.fromEntries(watch.watched.map(({ name }) => [name, watch.peakMb(name)]));
  await save('latest', {
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
  // what comes next must not meet them
  for (const part of [watch, load, passThrough, stack]) await parts.stop(part);
  return faults.length === 0;
}

function describeCounts({ tallies, hits }: Parameters<typeof findFaults>[0], faults: string[]): string {
  if (faults.length > 0)
    return `WRONG, so the figures above mean nothing:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return (
    `All ${tallies.full.answered + tallies.passThrough.answered} answers were right. ` +
    `Exact: ${tallies.full.answered} full look-ups = ${hits.full} hits at the sandbox = hits in the ledger = rows of evidence.`
  );
}

/** `npm run bench` */
await runBenchmark(async (run) => {
  const lookUpsAreRight = await benchLookUps(readPlan(process.env), run);
  say('');
  const balikanIsRight = await benchDataBalikan(readBalikanPlan(process.env), run);
  say('');
  return (await benchReporting(readReportingPlan(process.env), run)) && balikanIsRight && lookUpsAreRight;
});
