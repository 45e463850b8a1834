import { join } from 'node:path';
import { Stack } from '../../apps/launcher/src/stack.js';
import { query, setUpFullLookUp, type FullLookUp } from '../full-look-up/full-look-up.js';
import { Load } from '../load/load.js';
import { ProcessWatch } from '../processes.js';
import { Rounds, type RoundOf, type Tally } from '../rounds.js';
import type { Run } from '../run.js';
import { Sandbox } from '../sandbox.js';
import { findSequencingFaults, type LogCounts, type Side, type SideCounts } from './exactness.js';
import type { EvidencePlan } from './plan.js';

/** How long the log may take to get through what waits between two turns. */
const restMs = 60_000;
const pollMs = 20;

export interface LookUpResult {
  rounds: RoundOf<Side>[];
  watch: ProcessWatch;
  tallies: Record<Side, Tally>;
  counts: Record<Side, SideCounts>;
  faults: string[];
}

/** Two whole installations by turns, one of which sequences and signs while it answers. */
export async function compareLookUps(
  { folder, parts }: Run,
  { connections, warmUpMs, rounds: count, roundMs, sequenceEveryMs, checkpointEveryMs }: EvidencePlan['lookUps'],
  onRound: (round: RoundOf<Side>) => void,
): Promise<LookUpResult> {
  const start = async (side: Side) =>
    parts.keep(
      await Stack.start({
        stateDir: join(folder, side),
        env: {
          NIK_VERIFICATION_SEQUENCER: side,
          NIK_VERIFICATION_SEQUENCE_EVERY_MS: String(sequenceEveryMs),
          NIK_VERIFICATION_CHECKPOINT_EVERY_MS: String(checkpointEveryMs),
        },
      }),
    );
  const stacks: Record<Side, Stack> = { on: await start('on'), off: await start('off') };
  const sandbox = new Sandbox(stacks.on.sandbox.url);
  const variants: Record<Side, FullLookUp> = {
    on: await setUpFullLookUp(stacks.on, sandbox, 'on'),
    off: await setUpFullLookUp(stacks.off, sandbox, 'off'),
  };
  const load = parts.keep(await Load.start(await sandbox.findPeople()));
  const watch = parts.keep(
    new ProcessWatch([
      ...variants.on.processes,
      ...variants.off.processes,
      { name: 'sandbox', pid: stacks.on.sandbox.child.pid },
      { name: 'load generator', pid: load.pid },
      { name: 'launcher (takes the logs)', pid: process.pid },
    ]),
  );
  const rounds = new Rounds(variants, load, watch, connections, () => untilSequenced(stacks.on));
  await rounds.warmUp(warmUpMs);
  const played = await rounds.play(count, roundMs, undefined, onRound);
  await untilSequenced(stacks.on);

  const countSide = async (side: Side): Promise<SideCounts> => ({
    hits: await variants[side].hits(),
    ledger: await variants[side].counts(),
    log: await countLog(stacks[side]),
  });
  const counts = { on: await countSide('on'), off: await countSide('off') };
  for (const part of [watch, load, stacks.off, stacks.on]) await parts.stop(part);
  const { tallies } = rounds;
  return { rounds: played, watch, tallies, counts, faults: findSequencingFaults(tallies, counts) };
}

/** Nobody's turn: the log gives an index to what waits. */
async function untilSequenced(stack: Stack): Promise<void> {
  const connection = await stack.postgres.connect('gerbang');
  try {
    for (const until = performance.now() + restMs; performance.now() < until;) {
      const { rowCount } = await connection.query('SELECT 1 FROM verification.log_pending LIMIT 1');
      if (!rowCount) return;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new Error(`events wait for their index after ${restMs / 1_000} s`);
  } finally {
    await connection.end();
  }
}

async function countLog(stack: Stack): Promise<LogCounts> {
  const [row] = await query<LogCounts>(
    stack,
    `SELECT (SELECT count(*)::int FROM verification.access_event) AS "accessEvents",
       (SELECT count(*)::int FROM verification.reported_event) AS "reportedEvents",
       (SELECT count(*)::int FROM verification.log_leaf) AS leaves,
       (SELECT count(*)::int FROM verification.log_leaf AS leaf JOIN verification.access_event AS event
          ON event.verification_id = leaf.verification_id AND event.id = leaf.event_id
        WHERE leaf_hash = verification.leaf_hash(verification.access_leaf(event))) AS "inLog",
       (SELECT count(*)::int FROM verification.log_pending) AS pending,
       (SELECT count(*)::int FROM verification.log_checkpoint) AS checkpoints`,
  );
  if (!row) throw new Error('the log answered no counts');
  return row;
}
