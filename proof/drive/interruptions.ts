import { parts, type Part } from '../installation/installation.js';
import { matchOf } from './outcomes.js';
import { until, type Tour } from './tour.js';

/** How an answer is on its way when something happens to it. */
type Moment = 'asked' | 'answered';

interface Interruption {
  part: Part;
  signal: NodeJS.Signals;
  moment: Moment;
}

const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL', 'SIGABRT', 'SIGSEGV'];

/** Every part by every signal at every moment; a broker and a database are not asked to end in good order by themselves. */
const all: Interruption[] = parts.flatMap((part) =>
  signals
    .filter((signal) => signal !== 'SIGTERM' || (part !== 'postgres' && part !== 'nats'))
    .flatMap((signal) =>
      (['asked', 'answered'] as const)
        // whoever ends in good order waits for the ledger, which waits for us
        .filter((moment) => signal !== 'SIGTERM' || moment === 'asked')
        .map((moment) => ({ part, signal, moment })),
    ),
);

/** Of each part the hard end and the crash, once each. Who ends in good order comes first: it waits for what others left open. */
const few: Interruption[] = [
  { part: 'nik-verification', signal: 'SIGTERM', moment: 'asked' },
  { part: 'gateway', signal: 'SIGTERM', moment: 'asked' },
  { part: 'gateway', signal: 'SIGKILL', moment: 'asked' },
  { part: 'nik-verification', signal: 'SIGKILL', moment: 'answered' },
  { part: 'nik-verification', signal: 'SIGABRT', moment: 'answered' },
  { part: 'gateway', signal: 'SIGSEGV', moment: 'answered' },
  { part: 'nats', signal: 'SIGKILL', moment: 'asked' },
  { part: 'nats', signal: 'SIGABRT', moment: 'answered' },
  { part: 'postgres', signal: 'SIGKILL', moment: 'answered' },
  { part: 'postgres', signal: 'SIGSEGV', moment: 'asked' },
];

/**
 * Everything that can break off in mid-answer: who asks, and each part in good order, by force, and by crashes, after which
 * as shipped no core dump may lie where one would.
 */
export async function driveInterruptions(tour: Tour): Promise<void> {
  await callerLeaves(tour);
  for (const one of tour.scale === 'full' ? all : few) await interrupt(tour, one);
}

async function interrupt(tour: Tour, { part, signal, moment }: Interruption): Promise<void> {
  const when = moment === 'asked' ? 'the ministry is asked' : 'the answer is in memory';
  const name = `${signal} of ${part} in mid-answer (${when})`;
  const held = moment === 'asked' ? await holdAtMinistry(tour, name) : await holdAtLedger(tour, name);
  await tour.installation.end(part, signal);
  await held.letGo();
  await tour.installation.revive(part);
  tour.leave(held.answers);
  await worksAgain(tour);
}

/** Look-ups that are on their way for as long as nobody lets them go. */
export interface Held {
  /** Settles when all have been answered, or lost. */
  answers: Promise<unknown>;
  letGo: () => Promise<void>;
}

const together = 2;

/** Look-ups and matches that wait for the ministry. */
async function holdAtMinistry(tour: Tour, name: string): Promise<Held> {
  await tour.sandbox.fault({ kind: 'latency', ms: 1_000, userId: tour.office('interruptions').consumer.userId });
  const { answers } = await askSome(tour, name);
  await until('look-ups wait for the ministry', async () => (await tour.sandbox.inFlight()) === together);
  return { answers, letGo: () => tour.sandbox.clearFaults() };
}

/** Look-ups and matches whose answer has come, and whose outcome cannot be written: the person is in memory, for certain. */
export async function holdAtLedger(tour: Tour, name: string): Promise<Held> {
  await tour.sandbox.fault({ kind: 'latency', ms: 400, userId: tour.office('interruptions').consumer.userId });
  const { answers } = await askSome(tour, name);
  await until('look-ups wait for the ministry', async () => (await tour.sandbox.inFlight()) === together);
  const lock = await tour.installation.connect();
  await lock.query('BEGIN');
  await lock.query('LOCK TABLE verification.hit IN ACCESS EXCLUSIVE MODE');
  await tour.sandbox.clearFaults();
  await until('answers wait for the ledger', async () => {
    // not by the connection that holds the lock: within a transaction it sees the activity of its beginning
    const waiting = await tour.sql(
      "SELECT 1 FROM pg_stat_activity WHERE usename = 'nik_verification' AND wait_event_type = 'Lock' AND query LIKE '%commit_batch%'",
    );
    return waiting.length > 0 && (await tour.sandbox.inFlight()) === 0;
  });
  // a connection that was lost with the server may never say so
  const late = new Promise<void>((resolve) => setTimeout(resolve, 1_000));
  return { answers, letGo: () => Promise.race([lock.end().catch(() => undefined), late]) };
}

async function askSome(tour: Tour, name: string): Promise<{ answers: Promise<unknown> }> {
  const office = tour.office('interruptions');
  await tour.caller.token(office);
  const canaries = [];
  for (let index = 1; index <= together; index += 1) canaries.push(await tour.canaries.of(`${name}, ${index}`));
  const answers = canaries.map((canary, index) =>
    tour.caller.verify(
      name,
      office,
      { nik: canary.nik, ...(index % 2 === 0 ? {} : { match: matchOf(canary) }) },
      { alone: true },
    ),
  );
  return { answers: Promise.all(answers) };
}

async function callerLeaves(tour: Tour): Promise<void> {
  const office = tour.office('interruptions');
  const canary = await tour.canaries.of('who asked has left');
  await tour.sandbox.fault({ kind: 'latency', ms: 600, nik: canary.nik });
  const leaving = new AbortController();
  const asked = tour.caller.verify(
    'who asked has left in mid-answer',
    office,
    { nik: canary.nik },
    { signal: leaving.signal },
  );
  await until('the look-up waits for the ministry', async () => (await tour.sandbox.inFlight()) === 1);
  leaving.abort();
  await asked;
  await until('the ministry has answered', async () => (await tour.sandbox.inFlight()) === 0);
  await tour.sandbox.clearFaults();
}

/** The next stretch begins with everything in order. */
async function worksAgain(tour: Tour): Promise<void> {
  const canary = await tour.canaries.of('after an interruption');
  await until(
    'look-ups are answered again',
    async () => {
      await tour.openGates().catch(() => undefined);
      const { status } = await tour.caller.verify('after an interruption', tour.office('interruptions'), {
        nik: canary.nik,
      });
      return status === 200;
    },
    60_000,
  );
}
