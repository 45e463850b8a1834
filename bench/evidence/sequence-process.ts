import { getHeapStatistics } from 'node:v8';
import { join } from 'node:path';
import pg from 'pg';
import { KeyFolder, Log, metrics } from '#service';
import { CheckpointFolder } from '../../apps/nik-verification/src/evidence/checkpoint-folder.js';
import { Leadership } from '../../apps/nik-verification/src/evidence/leadership.js';
import { LogKey } from '../../apps/nik-verification/src/evidence/log-key.js';
import { Sequencer } from '../../apps/nik-verification/src/evidence/sequencer.js';
import { peakMemoryMb } from './peak-memory.js';
import type { FromSequencer, SequenceJob, SequenceResult } from './sequence-job.js';

// The sequencer of nik-verification in a process of its own, so that its memory can be told from everything else.

const sampleEveryMs = 10;

const sequenced = async (): Promise<number> =>
  (await metrics.getSingleMetric('gerbang_evidence_sequenced_total')?.get())?.values[0]?.value ?? 0;

async function sequence(job: SequenceJob): Promise<SequenceResult> {
  const pool = new pg.Pool(job.database);
  const sequencer = new Sequencer(
    pool,
    new Leadership(pool, { holder: 'bench', silenceMs: 10_000 }),
    new CheckpointFolder(join(job.keyDir, 'checkpoints')),
    new LogKey(new KeyFolder(job.keyDir)),
    Log.create('bench', 'error'),
    { installation: 'gerbang-paten', enabled: true, everyMs: 500, signEveryMs: 60_000 },
  );
  const sliceSize = job.events / job.slices;
  const startMb = peakMemoryMb('self');
  const startedAt = performance.now();
  /** When each slice was through. */
  const marks: number[] = [];
  let peakHeap = 0;
  const sample = async () => {
    peakHeap = Math.max(peakHeap, getHeapStatistics().used_heap_size);
    const done = Math.floor((await sequenced()) / sliceSize);
    while (marks.length < done) marks.push(performance.now());
  };
  const timer = setInterval(() => void sample(), sampleEveryMs);
  await sequencer.round();
  await sample();
  const seconds = ((marks.at(-1) ?? NaN) - startedAt) / 1_000;

  const signMs: number[] = [];
  let last: { size: number; root: string } | undefined;
  for (let n = 0; n < job.signatures; n += 1) {
    const before = performance.now();
    last = await sequencer.signNow(job.institutionId);
    signMs.push(performance.now() - before);
  }
  clearInterval(timer);
  await pool.end();
  return {
    perSecond: marks.map((mark, n) => sliceSize / ((mark - (marks[n - 1] ?? startedAt)) / 1_000)),
    seconds,
    size: last?.size ?? 0,
    root: last?.root ?? '',
    signMs,
    startMb,
    peakMb: peakMemoryMb('self'),
    peakHeapMb: peakHeap / 1e6,
  };
}

const tell = (message: FromSequencer): void => void process.send?.(message);

process.once('disconnect', () => process.exit(0));
process.once('message', (job: SequenceJob) => {
  sequence(job).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ failed: error instanceof Error ? (error.stack ?? error.message) : 'unknown error' }),
  );
});
