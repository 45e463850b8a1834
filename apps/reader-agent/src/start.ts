import { randomUUID } from 'node:crypto';
import { beginRead, cancelRead, eventSubject, type AgentStatus } from '#contracts/readers/agent';
import type { Log } from '#service/log';
import { askGatewayTime } from './bus/gateway-time.js';
import { makeAssertion } from './bus/assertion.js';
import { Connection } from './bus/connection.js';
import { serve } from './bus/serve.js';
import { Clock } from './clock.js';
import { fitStatus } from './fit-status.js';
import { Gate } from './gate.js';
import { JournalKeeper } from './journal-keeper.js';
import { PermitVerifier } from './permit.js';
import type { CardReader } from './port.js';
import { Reporter } from './reporter.js';
import type { Deadlines } from './session/deadlines.js';
import { Sessions } from './session/sessions.js';
import { loadIdentity, trustedKeys } from './state/identity.js';
import { Journal } from './state/journal.js';
import { StateLock } from './state/lock.js';
import type { StateFolder } from './state/state-folder.js';
import { version } from './version.js';

export interface AgentOptions {
  folder: StateFolder;
  reader: CardReader;
  deadlines: Deadlines;
  log: Log;
  reportEveryMs?: number;
  /** How long an asker is waited for when the line breaks. */
  lineGraceMs?: number;
}

export interface RunningAgent {
  readonly instanceId: string;
  status(): AgentStatus;
  close(): Promise<void>;
}

/**
 * Everything of an agent, put together by hand: no framework fits into 80 MB (decision 21).
 *
 * @throws {NotJoined, StateLocked}
 */
export function startAgent({ folder, reader, deadlines, log, ...times }: AgentOptions): RunningAgent {
  const { identity, key } = loadIdentity(folder);
  const { readerId } = identity;
  const lock = StateLock.take(folder.file('lock'));
  const instanceId = randomUUID();
  const clock = new Clock();
  const keys = trustedKeys(folder, identity, () => clock.monotonicNow());
  const verifier = new PermitVerifier(identity, keys, clock);
  const gate = new Gate(reader, verifier, clock);
  const connection = new Connection(
    { servers: identity.servers, caPem: identity.caPem, readerId },
    () => makeAssertion(key, { readerId, instanceId, now: clock.now() }),
    () => askGatewayTime(identity.gatewayUrl, clock),
    log,
  );
  const journal = new JournalKeeper(Journal.open(folder.file('journal.log')), readerId, connection, clock, log);
  const onChange = () => reporter.report();
  const line: { heard: boolean; lost?: NodeJS.Timeout } = { heard: false };
  const sessions = new Sessions({
    ...{ reader, gate, clock, deadlines, log, instanceId, onChange },
    // after a break the broker may be there before the gateway is: then nobody would hear
    publish: (event) => line.heard && connection.publish(eventSubject(readerId), event),
    onUntold: (check, permit) => journal.add(check, permit),
  });
  let lastOdd = '';
  const status = (): AgentStatus => {
    const { status: fitting, odd } = fitStatus({
      ...{ instanceId, version, adapter: reader.adapter },
      ...reader.state(),
      faults: [...gate.faults(), ...(sessions.stuck ? (['READER_FAULT'] as const) : [])],
      busy: sessions.busy,
      ...{ journal: journal.size, lost: journal.lost, damaged: journal.damaged },
    });
    // each once: the status is told every few seconds
    if (odd.join() !== lastOdd && odd.length > 0)
      log.event('error', 'device tells what does not fit', { reason: odd.join() });
    lastOdd = odd.join();
    return fitting;
  };
  const takePermit = async (permit: string | null) => {
    const had = gate.current() !== undefined;
    await gate.take(permit);
    // ready, or not any more: the office sees it now, not with the next report
    if (had !== (gate.current() !== undefined)) onChange();
    if (permit === null) sessions.abort('CANCELLED');
    allowStandalone();
  };
  const reporter = new Reporter(
    ...([readerId, connection, clock, status] as const),
    async (answer) => {
      line.heard = true;
      clearTimeout(line.lost);
      sessions.lineUp();
      await takePermit(answer.permit);
      // beside the reports: a page that is not answered does not hold up the next permit
      void journal.handIn().then((taken) => taken && onChange());
    },
    () => takePermit(null),
    log,
    times.reportEveryMs ?? 10_000,
  );
  // a permit also ends with no line to tell so
  const allowStandalone = () => reader.allowStandalone(gate.standalonePermit() !== undefined);
  const watch = setInterval(allowStandalone, 5_000);

  reader.onChange(() => {
    const held = gate.current();
    if (held && gate.hindrances(held.claims).some((fault) => fault.includes('SAM'))) sessions.abort('SAM_FAULT');
    allowStandalone();
    onChange();
  });
  reader.onStandaloneCheck((check) => {
    const permit = gate.standalonePermit();
    if (permit === undefined) return log.event('warn', 'check of the device without a permit: not counted');
    journal.add(check, permit);
    onChange();
  });
  connection.onLine((online) => {
    if (online) return onChange();
    line.heard = false;
    clearTimeout(line.lost);
    line.lost = setTimeout(() => sessions.lineLost(), times.lineGraceMs ?? 5_000);
  });
  const opened = connection.open((nats) => {
    serve(nats, beginRead(readerId), (order) => sessions.begin(order), log);
    serve(nats, cancelRead(readerId), async ({ readId }) => ({ running: sessions.cancel(readId) }), log);
  });

  return {
    instanceId,
    status,
    async close() {
      clearInterval(watch);
      clearTimeout(line.lost);
      reporter.stop();
      await withinMs(deadlines.rest, sessions.close());
      await connection.close();
      await opened;
      journal.close();
      await reader.close();
      lock.release();
    },
  };
}

/** A device that hangs does not keep the agent from ending. */
async function withinMs(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
