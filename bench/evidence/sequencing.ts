import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from '../report/statistics.js';
import type { Parts } from '../parts.js';
import { writeEvents } from './events.js';
import type { LogDatabase } from './log-database.js';
import { PlainCopy } from './plain-copy.js';
import type { FromSequencer, SequenceJob, SequenceResult } from './sequence-job.js';

const main = fileURLToPath(new URL('./sequence-process.js', import.meta.url));
/** As a service of the installation is started (apps/launcher/src/stack.ts). */
const nodeFlags = ['--enable-source-maps', '--max-old-space-size=128'];

export interface Sequencing extends SequenceResult {
  /** Events a second while they were written, the trigger's share included. */
  writtenPerSecond: number;
  /** Rows a second of each slice of the baseline. */
  plainPerSecond: number[];
}

export type Amount = Pick<SequenceJob, 'institutionId' | 'events' | 'slices' | 'signatures'>;

/** Writes events, lets the sequencer give them their index, and copies the same rows plainly: half before, half after. */
export async function measureSequencing(database: LogDatabase, parts: Parts, amount: Amount): Promise<Sequencing> {
  const { institutionId, events, slices } = amount;
  return database.asSuperuser(async (client) => {
    const writtenPerSecond = await writeEvents(client, institutionId, events);
    const plain = await PlainCopy.open(client);
    const plainPerSecond: number[] = [];
    const copy = async (source: 'queue' | 'log', count: number) => {
      await client.query('CHECKPOINT');
      for (let n = 0; n < count; n += 1) plainPerSecond.push(await plain.copy(institutionId, source, events / slices));
    };
    await copy('queue', Math.ceil(slices / 2));
    await client.query('CHECKPOINT');
    const result = await sequenceInChild(parts, { ...amount, database: database.settings, keyDir: database.keyDir });
    await copy('log', Math.floor(slices / 2));
    await plain.close();
    return { ...result, writtenPerSecond, plainPerSecond };
  });
}

async function sequenceInChild(parts: Parts, job: SequenceJob): Promise<SequenceResult> {
  const child = fork(main, { execArgv: nodeFlags, env: { PATH: process.env.PATH, NODE_ENV: 'production' } });
  const part = parts.keep({ stop: () => void child.kill('SIGKILL') });
  const ended = once(child, 'exit').then((): [FromSequencer] => [{ failed: 'it ended' }]);
  child.send(job);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [FromSequencer];
  await parts.stop(part);
  if ('failed' in message) throw new Error(`the sequencing process failed: ${message.failed}`);
  return message.result;
}

/** What the log does not tell of the events, what it tells twice, and what waits still. */
export async function findLogFaults(database: LogDatabase, { institutionId, events }: Amount): Promise<string[]> {
  const { rows } = await database.asSuperuser((client) =>
    client.query<{ events: number; leaves: number; next: number; same: number; pending: number }>(
      `WITH leaf AS (
         SELECT log_leaf.* FROM verification.log_leaf JOIN verification.log ON log.id = log_id WHERE institution_id = $1
       )
       SELECT (SELECT count(*)::int FROM verification.access_event WHERE institution_id = $1) AS events,
         (SELECT count(*)::int FROM leaf) AS leaves,
         (SELECT max(index)::int + 1 FROM leaf) AS next,
         (SELECT count(*)::int FROM leaf JOIN verification.access_event AS event
            ON event.verification_id = leaf.verification_id AND event.id = leaf.event_id
          WHERE leaf_hash = verification.leaf_hash(verification.access_leaf(event))) AS same,
         (SELECT count(*)::int FROM verification.log_pending WHERE institution_id = $1) AS pending`,
      [institutionId],
    ),
  );
  const [counts] = rows;
  if (!counts) throw new Error('the log answered no counts');
  return [
    ['events', counts.events, events],
    ['leaves', counts.leaves, events],
    ['size of the log', counts.next, events],
    ['leaves with the hash of their event', counts.same, events],
    ['events that wait', counts.pending, 0],
  ].flatMap(([what, found, right]) => (found === right ? [] : [`${what}: ${found} instead of ${right}`]));
}

export const sequencingRatio = ({ perSecond, plainPerSecond }: Sequencing): number =>
  median(perSecond) / median(plainPerSecond);
