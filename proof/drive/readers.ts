import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  activateSam,
  assignSam,
  cancelReading,
  createRead,
  issueJoinCode,
  listReaders,
  recordSamPersonalisation,
  registerReader,
  requestReaderException,
  requestSam,
  type Route,
} from '#contracts';
import { projectRoot } from '../../apps/launcher/src/project-root.js';
import type { Canary } from '../canaries/canary.js';
import { json } from './caller.js';
import { until, type Tour } from './tour.js';

const purpose = { service: 'SKU', reference: '500/001/SKU/I/2026' } as const;
const main = join(projectRoot, 'dist', 'apps', 'reader-agent', 'src', 'main.js');
const samSerial = 'SAM-BUKTI';

/** What is on the card of a canary. */
const cardOf = ({ nik, guest }: Canary) => ({
  nik,
  namaLengkap: guest.namaLengkap,
  jenisKelamin: guest.jenisKelamin,
  tempatLahir: guest.tempatLahir,
  tanggalLahir: guest.tanggalLahir,
  jenisPekerjaan: guest.jenisPekerjaan,
  statusPerkawinan: guest.statusPerkawinan,
  alamat: guest.alamat,
});

/**
 * Cards of canaries at a reader whose agent, simulator and all, runs beside: its folder is among the temporary ones that are
 * searched. The cards come by its standard input, so that they are in no file. In containers the bus is out of reach from here:
 * then nobody answers for the reader.
 */
export async function driveReaders(tour: Tour): Promise<void> {
  const { reader, code } = await register(tour);
  const agent = tour.installation.kind === 'launcher' ? await startAgent(tour, reader, code) : undefined;
  const headers = { ...json, authorization: `Bearer ${await tour.caller.token(tour.office('administration'))}` };
  const path = createRead.path.replace('{id}', reader);
  const readCard = async (name: string, label: string, plan: object = {}, body: object = {}, more: object = {}) => {
    const canary = await tour.canaries.of(`card: ${label}`);
    agent?.play({ card: cardOf(canary), fingers: ['match'], ...plan });
    return tour.caller.send(name, createRead, {
      path,
      headers: { ...headers, accept: 'application/json' },
      body: JSON.stringify({ purpose, ...body }),
      ...more,
    });
  };
  await readCard('card is read', 'matched');
  await readCard('card is read, few elements', 'few', {}, { fields: ['namaLengkap'] });
  await readCard('card is read, then looked up', 'looked up', {}, { then: 'LOOKUP' });
  await readCard('card is read, then matched', 'matched with the register', {}, { then: 'MATCH' });
  await readCard('finger does not match', 'worn finger', { fingers: ['no-match'] });
  await readCard('card is taken away', 'taken away', { removeAt: 'READING' });
  await readCard('device fails while reading', 'failed', { failAt: { step: 'READING', outcome: 'SAM_FAULT' } });
  await readCard('device gives a photo besides', 'photo', { leaks: { foto: 'ff4fff51' } });
  await readCard('caller leaves', 'caller left', { hangAt: 'READING' }, {}, { signal: AbortSignal.timeout(700) });
  await readCard('card is read as events', 'events', {}, {}, { headers: { ...headers, accept: 'text/event-stream' } });
  const nik = tour.canaries.nik('note of an exception');
  for (const note of ['Sidik jari aus', `Sidik jari aus, ${nik}`])
    await tour.caller.send('exception', requestReaderException, {
      path: requestReaderException.path.replace('{id}', reader),
      headers,
      body: JSON.stringify({ purpose, reason: 'WORN_FINGER', note }),
    });
  await tour.caller.send('cancelled', cancelReading, {
    path: cancelReading.path.replace('{id}', reader).replace('{readId}', '019ab3c4-5d6e-7f80-9123-456789abcdef'),
    headers: { authorization: headers.authorization },
  });
  if (!agent) return;
  // kill -9 while the elements are on their way
  const cut = readCard('agent is killed in a read', 'agent killed', { hangAt: 'READING' });
  await new Promise((later) => setTimeout(later, 500));
  agent.process.kill('SIGKILL');
  await cut;
}

async function register(tour: Tour): Promise<{ reader: string; code: string }> {
  const { admin } = await tour.people();
  const institutionId = admin.session.institution.id;
  const act = async (route: Route, ids: Record<string, string>, body: object) => {
    const all: Record<string, string> = { institutionId, ...ids };
    const answer = await tour.caller.send('register of readers', route, {
      path: route.path.replace(/\{(\w+)\}/g, (_, name: string) => all[name] ?? ''),
      headers: { ...admin.headers, ...json },
      body: JSON.stringify({ reason: 'Uji bukti', ...body }),
    });
    if (answer.status !== 200) throw new Error(`${route.operationId}: ${answer.result}`);
    return answer.body as { id: string; joinCode: string };
  };
  const device = { brand: 'Simulator', type: 'Bukti', serial: 'RDR-BUKTI', workUnit: 'Pelayanan Umum' };
  const { id: readerId } = await act(registerReader, {}, device);
  const letter = { number: '470/1/2026', date: '2026-01-02' };
  const { id: samId } = await act(requestSam, {}, { sifilmaNumber: 'SIFILMA/BUKTI', letter });
  const personalised = { serial: samSerial, pcidFingerprint: 'ab'.repeat(32), doneOn: '2026-01-03' };
  await act(recordSamPersonalisation, { samId }, personalised);
  await act(activateSam, { samId }, { doneOn: '2026-01-04' });
  await act(assignSam, { samId }, { readerId });
  const { joinCode } = await act(issueJoinCode, { readerId }, {});
  return { reader: readerId, code: joinCode };
}

async function startAgent(tour: Tour, reader: string, code: string) {
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-bukti-agen-'));
  const sam = { present: true, serial: samSerial, atr: '3B00' };
  await writeFile(
    join(folder, 'agent.json'),
    JSON.stringify({ adapter: 'simulator', logLevel: 'debug', simulator: { stepMs: 20, sam } }),
  );
  const run = (args: string[]): ChildProcess =>
    spawn(process.execPath, [main, ...args, '--state', folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  const joining = run(['join', code, '--url', tour.installation.gatewayUrl]);
  const status = await new Promise((ended) => joining.once('exit', ended));
  if (status !== 0) throw new Error(`the agent did not join: status ${String(status)}`);
  const child = run(['run']);
  const log: string[] = [];
  for (const output of [child.stdout, child.stderr]) output?.on('data', (text: Buffer) => log.push(text.toString()));
  // what it says is searched like what the services said
  child.once('exit', () => void writeFile(join(folder, 'agent.log'), log.join('')));
  const headers = { authorization: `Bearer ${await tour.caller.token(tour.office('administration'))}` };
  await until('the agent is online', async () => {
    const { body } = await tour.caller.send('readers', listReaders, { headers });
    const readers = body.readers as { id: string; state: string }[] | undefined;
    return readers?.find(({ id }) => id === reader)?.state === 'online';
  });
  const play = (plan: object) => child.stdin?.write(`${JSON.stringify({ do: 'script', reads: [plan] })}\n`);
  return { process: child, play };
}
