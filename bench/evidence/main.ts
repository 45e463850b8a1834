import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { LogKey } from '../../apps/nik-verification/src/evidence/log-key.js';
import { Proofs } from '../../apps/nik-verification/src/evidence/proofs.js';
import { toBase64, verifierKey } from '#evidence';
import { KeyFolder } from '#service';
import { describeMachine, load1 } from '../machine.js';
import { save, say } from '../report/results.js';
import { aimsTable, processTable } from '../report/table.js';
import { runBenchmark, type Run } from '../run.js';
import { judgeEvidence, lookUpRatio } from './aims.js';
import { writeBundle } from './bundle.js';
import { addCheckpointSeries } from './checkpoint-series.js';
import { LogDatabase } from './log-database.js';
import { compareLookUps } from './look-ups.js';
import { hasVerifier, verify, verifyInRounds } from './offline.js';
import { readEvidencePlan, type EvidencePlan } from './plan.js';
import { ProofRounds } from './proof-rounds.js';
import { findLogFaults, measureSequencing, type Amount } from './sequencing.js';
import { lookUpTable, offlineTable, proofTable, sequencingTable } from './tables.js';

/** `npm run bench:evidence`: what the log of evidence costs, each figure beside a baseline of the same run. */
async function bench(plan: EvidencePlan, run: Run): Promise<boolean> {
  const { bavail, bsize } = await statfs(run.folder);
  if (bavail * bsize < plan.leastFreeBytes)
    throw new Error(`less than ${plan.leastFreeBytes / 1e9} GB are free on the disk of ${run.folder} (see TMPDIR)`);
  const machine = describeMachine();
  say(`Evidence on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadBefore}\n`);

  say(`Look-ups while the log is sequenced: ${plan.lookUps.connections} connections`);
  const lookUps = await compareLookUps(run, plan.lookUps, (round) =>
    say(
      `  ${round.on.perSecond.toFixed(0)}/s beside ${round.off.perSecond.toFixed(0)}/s = ${lookUpRatio(round).toFixed(3)}`,
    ),
  );
  const loadAfterLookUps = load1();

  const database = run.parts.keep(await LogDatabase.start(join(run.folder, 'log')));
  const { sequencing, fewer, faults } = await sequence(plan, run, database);
  const loadAfterSequencing = load1();
  const read = await readLog(plan, run, database, { sequencing, fewer });

  const all = { lookUps: lookUps.rounds, sequencing: sequencing.measured, fewer: fewer.measured, ...read };
  const aims = judgeEvidence(all);
  const allFaults = [...lookUps.faults, ...faults, ...read.faults];
  const processes = processTable(lookUps.watch, lookUps.rounds, { on: 'on', off: 'off' });
  say(`\nLook-ups with sequencing on and off, ${plan.lookUps.connections} connections\n${lookUpTable(lookUps.rounds)}`);
  say(`\nProcessor time of one look-up, ms, and memory\n${processes}`);
  say(`\nSequencing\n${sequencingTable(all)}`);
  say(`\nProofs from the log of ${plan.events}, one after the other\n${proofTable(read.proofs)}`);
  say(`\n${describeOffline(plan, read)}`);
  say(`\n${aimsTable(aims)}`);
  say(`\n${describeFaults(allFaults, lookUps.tallies.on.answered, plan, read.checked)}`);
  const load = { before: machine.loadBefore, afterLookUps: loadAfterLookUps, afterSequencing: loadAfterSequencing };
  say(`Load ${Object.values(load).join(', ')}, ${load1()}: before, after look-ups, after sequencing, now`);
  await save('evidence', {
    at: new Date().toISOString(),
    machine,
    load: { ...load, after: load1() },
    plan,
    aims,
    faults: allFaults,
    lookUps: {
      rounds: lookUps.rounds.map((round) => ({ ratio: lookUpRatio(round), ...round })),
      tallies: lookUps.tallies,
      counts: lookUps.counts,
      memoryMb: Object.fromEntries(lookUps.watch.watched.map(({ name }) => [name, lookUps.watch.peakMb(name)])),
    },
    sequencing: all.sequencing,
    fewer: all.fewer,
    proofs: read.proofs,
    bundle: read.bundle,
    offline: read.offline,
    offlineFewer: read.offlineFewer,
  });
  return allFaults.length === 0;
}

interface Sequenced extends Amount {
  measured: Awaited<ReturnType<typeof measureSequencing>>;
}

/** The smaller log first: only one of them ever waits. */
async function sequence(plan: EvidencePlan, { parts }: Run, database: LogDatabase) {
  const make = async (events: number, slices: number): Promise<{ log: Sequenced; faults: string[] }> => {
    const amount = { institutionId: randomUUID(), events, slices, signatures: plan.signatures };
    say(`\nSequencing ${events} events`);
    const measured = await measureSequencing(database, parts, amount);
    say(`  written at ${measured.writtenPerSecond.toFixed(0)}/s, sequenced in ${measured.seconds.toFixed(1)} s`);
    return { log: { ...amount, measured }, faults: await findLogFaults(database, amount) };
  };
  const fewer = await make(plan.fewerEvents, Math.max(1, (plan.slices * plan.fewerEvents) / plan.events));
  const most = await make(plan.events, plan.slices);
  return { fewer: fewer.log, sequencing: most.log, faults: [...fewer.faults, ...most.faults] };
}

/** Proofs, export and the offline verifier. */
async function readLog(
  plan: EvidencePlan,
  { folder, parts }: Run,
  database: LogDatabase,
  { sequencing, fewer }: Record<'sequencing' | 'fewer', Sequenced>,
) {
  const faults: string[] = [];
  const logKey = new LogKey(new KeyFolder(database.keyDir));
  const signer = await logKey.signer();
  say(`\nCheckpoints of the log, one after every ${plan.checkpointEvery} leaves`);
  const log = await addCheckpointSeries(database, sequencing.institutionId, plan.checkpointEvery, signer);
  await addCheckpointSeries(database, fewer.institutionId, plan.checkpointEvery, signer);
  if (toBase64(log.roots.get(log.size)!) !== sequencing.measured.root)
    faults.push('the root that the sequencer signed is not that of the leaves');
  await database.asSuperuser((client) => client.query('VACUUM ANALYZE'));

  say('\nProofs');
  const pool = database.pool();
  const proofs = new Proofs(pool, logKey);
  const key = verifierKey(log.origin, signer.publicKey);
  const rounds = new ProofRounds(proofs, pool, log, key);
  const proofRounds = await rounds.play(plan.proofs.rounds, plan.proofs.each, ({ inclusion, consistency, select }) =>
    say(
      `  inclusion ${inclusion.median.toFixed(2)} ms, consistency ${consistency.median.toFixed(2)} ms beside ${select.median.toFixed(2)} ms`,
    ),
  );

  say('\nBundle');
  const bundle = await writeBundle(pool, proofs, log.institutionId, join(folder, 'bundle.jsonl'));
  say(`  ${(bundle.bytes / 1e6).toFixed(0)} MB written in ${bundle.seconds.toFixed(1)} s`);
  const smallBundle = await writeBundle(pool, proofs, fewer.institutionId, join(folder, 'fewer.jsonl'));
  await parts.stop(database);
  const isThere = hasVerifier();
  if (isThere) say('\nOffline verifier');
  const fewerKey = verifierKey(log.origin.replace(log.institutionId, fewer.institutionId), signer.publicKey);
  return {
    faults: [...faults, ...rounds.faults],
    checked: rounds.checked,
    proofs: proofRounds,
    bundle,
    offline: isThere ? await verifyInRounds(parts, bundle, key, plan.verifierRounds) : [],
    offlineFewer: isThere ? await verify(parts, smallBundle, fewerKey) : undefined,
  };
}

function describeOffline(plan: EvidencePlan, { bundle, offline, offlineFewer }: Awaited<ReturnType<typeof readLog>>) {
  const written = `Bundle of ${bundle.leaves} events: ${(bundle.bytes / 1e6).toFixed(0)} MB, written in ${bundle.seconds.toFixed(1)} s (${(bundle.leaves / bundle.seconds).toFixed(0)}/s)`;
  if (offline.length === 0) return `${written}\nThe offline verifier is not built, and was not measured.`;
  const fewer = offlineFewer && { events: plan.fewerEvents, run: offlineFewer };
  return `${written}\n${offlineTable(plan.events, offline, fewer)}`;
}

function describeFaults(faults: string[], answered: number, plan: EvidencePlan, checked: number): string {
  if (faults.length > 0)
    return `WRONG, so the figures above mean nothing:\n${faults.map((fault) => `  ${fault}`).join('\n')}`;
  return (
    `Exact: ${answered} look-ups with sequencing on = ${2 * answered} events in the log, none waits. ` +
    `${plan.events} events have ${plan.events} leaves with their hash. All ${checked} proofs were right.`
  );
}

await runBenchmark((run) => bench(readEvidencePlan(process.env), run));
