import {
  createBalikan,
  decideBalikanBatch,
  getBalikanBatch,
  getBalikanCoverage,
  getBalikanDelivery,
  getBalikanPackageFile,
  getBalikanPackageMinutes,
  getBalikanResult,
  listBalikanFaults,
  listBalikanRecords,
  makeBalikanPackage,
  receiptBalikanPackage,
  uploadBalikanBatch,
  type Route,
} from '#contracts';
import type { Canary } from '../canaries/canary.js';
import type { Answer } from './answers.js';
import { json } from './caller.js';
import type { Office } from './offices.js';
import { until, type Tour } from './tour.js';

/** Records, files, deliveries and media: what the office hands in about people, until it is delivered, and when it never is. */
export async function driveDataBalikan(tour: Tour): Promise<void> {
  for (const key of ['balikan', 'balikan-down'] as const) {
    const office = tour.office(key);
    await single(tour, office);
    await files(tour, office);
    await crashWhileChecking(tour, office);
  }
  await faults(tour, tour.office('balikan'));
  await crashWhileSending(tour, tour.office('balikan'));
  await media(tour);
  for (const key of ['balikan', 'balikan-down'] as const)
    for (const route of [listBalikanRecords, getBalikanDelivery, getBalikanCoverage])
      await ask(tour, 'data balikan as they stand', tour.office(key), route);
}

const idOf = ({ body }: Answer): string => (typeof body.id === 'string' ? body.id : '');

let registers = 0;
const nextRegister = (): string => `500/${(registers += 1)}/SKU/I/2026`;
const business = { namaUsaha: 'Warung Bukti', jenisUsaha: 'Dagang', tanggal: '2026-01-31' };

async function ask(
  tour: Tour,
  name: string,
  office: Office,
  route: Route,
  body?: object,
  path = route.path,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${await tour.caller.token(office)}`, ...(body ? json : {}) };
  return tour.caller.send(name, route, { path, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

/** Somebody whose data was looked up there. */
async function known(tour: Tour, office: Office, label: string): Promise<Canary> {
  const canary = await tour.canaries.of(`${label}, ${office.key}`);
  await tour.caller.verify('look-up before data balikan', office, { nik: canary.nik });
  return canary;
}

const send = (tour: Tour, name: string, office: Office, body: object): Promise<Answer> =>
  ask(tour, name, office, createBalikan, { nomorRegister: nextRegister(), ...business, ...body });

async function single(tour: Tour, office: Office): Promise<void> {
  const { nik } = await known(tour, office, 'data balikan');
  const nomorRegister = nextRegister();
  await send(tour, 'data balikan', office, { nik, nomorRegister });
  await send(tour, 'data balikan once more', office, { nik, nomorRegister });
  await send(tour, 'data balikan once more, otherwise', office, { nik, nomorRegister, namaUsaha: 'Lain' });
  const stranger = tour.canaries.stranger(`never looked up, ${office.key}`);
  await send(tour, 'data balikan of somebody who was never looked up', office, { nik: stranger.nik });
  for (const field of ['nomorRegister', 'namaUsaha', 'jenisUsaha', 'tanggal'] as const) {
    const misplaced = tour.canaries.nik(`${field} of data balikan, ${office.key}`);
    await send(tour, 'data balikan, NIK in the wrong place', office, { nik, [field]: misplaced });
  }
  await send(tour, 'data balikan, NIK cut short', office, { nik: nik.slice(0, 15) });
}

const header = ['NIK', 'Nomor Register', 'Nama Usaha', 'Jenis Usaha', 'Tanggal'];
const row = (nik: string, more: Partial<Record<'register' | 'name', string>> = {}): string[] => [
  nik,
  more.register ?? nextRegister(),
  more.name ?? business.namaUsaha,
  business.jenisUsaha,
  business.tanggal,
];
const csv = (rows: string[][], delimiter = ';'): string =>
  [header, ...rows].map((cells) => cells.join(delimiter)).join('\r\n');

async function upload(
  tour: Tour,
  name: string,
  office: Office,
  content: Buffer | string,
  policy = 'GOOD_ROWS',
): Promise<string> {
  const authorization = `Bearer ${await tour.caller.token(office)}`;
  const queued = await tour.caller.send(name, uploadBalikanBatch, {
    path: `${uploadBalikanBatch.path}?policy=${policy}`,
    headers: { authorization, 'content-type': 'text/csv' },
    body: content,
  });
  return idOf(queued);
}

const ofBatch = (route: Route, id: string): string => route.path.replace('{id}', id);

async function ended(tour: Tour, office: Office, id: string): Promise<void> {
  await until(
    'the file is checked',
    async () => {
      const { body } = await ask(
        tour,
        'file on its way',
        office,
        getBalikanBatch,
        undefined,
        ofBatch(getBalikanBatch, id),
      );
      return ['DONE', 'HELD', 'REFUSED', 'CANCELLED', 'FAILED'].includes(String(body.state));
    },
    60_000,
  );
}

/** In every encoding, right and wrong, taken and held; what is marked is fetched. */
async function files(tour: Tour, office: Office): Promise<void> {
  const { nik } = await known(tour, office, 'in a file');
  const stranger = tour.canaries.stranger(`in a file, never looked up, ${office.key}`);
  const rows = [
    row(nik),
    row(stranger.nik),
    row(`="${tour.canaries.nik(`as a formula in a file, ${office.key}`)}"`),
    row(nik, { register: tour.canaries.nik(`as a register number in a file, ${office.key}`) }),
    row(nik, { name: `Warung ${tour.canaries.nik(`in a name in a file, ${office.key}`)}` }),
    row(tour.canaries.nik(`cut short in a file, ${office.key}`).slice(0, 15)),
    row(tour.canaries.nik(`with a letter in a file, ${office.key}`).replace(/\d$/, 'O')),
  ];
  const writings: [string, Buffer][] = [
    ['UTF-8', Buffer.from(csv(rows))],
    ['UTF-16', Buffer.from(`\ufeff${csv(rows, '\t')}`, 'utf16le')],
  ];
  for (const [encoding, content] of writings)
    for (const policy of ['ALL_OR_NOTHING', 'GOOD_ROWS'] as const) {
      const id = await upload(tour, `file of data balikan, ${encoding}, ${policy}`, office, content, policy);
      await ended(tour, office, id);
      for (const route of [listBalikanFaults, getBalikanResult])
        await ask(tour, 'what is wrong with a file', office, route, undefined, ofBatch(route, id));
    }
  const held = await upload(tour, 'file that is held', office, csv(rows), 'ALL_OR_NOTHING');
  await ended(tour, office, held);
  await ask(
    tour,
    'good rows of a file that is held',
    office,
    decideBalikanBatch,
    { decision: 'TAKE_GOOD_ROWS' },
    ofBatch(decideBalikanBatch, held),
  );
  await ended(tour, office, held);
  for (const content of [`${nik}${nik}`, csv([row(nik)]).replace('Nama Usaha', nik), `PK\u0003\u0004${nik}`])
    await ended(tour, office, await upload(tour, 'file that cannot be read', office, content));
}

/** Half of a file is checked, or half of an upload is there. */
async function crashWhileChecking(tour: Tour, office: Office): Promise<void> {
  const { nik } = await known(tour, office, 'in a file that is interrupted');
  for (const signal of ['SIGKILL', 'SIGABRT'] as const) {
    const content = csv(Array.from({ length: 1_500 }, () => row(nik)));
    const id = await upload(tour, `${signal} of data-balikan while a file is checked`, office, content);
    await until('the file is being checked', async () => {
      const [batch] = await tour.sql<{ state: string }>('SELECT state FROM balikan.batch WHERE id = $1', [id]);
      return batch?.state !== 'QUEUED';
    });
    await tour.installation.end('data-balikan', signal);
    await tour.installation.revive('data-balikan');
    // its lease is given up, as if the time had passed
    await tour.sql('UPDATE balikan.batch SET held_until = now() WHERE held_until IS NOT NULL');
    await ended(tour, office, id);
  }
}

/** As if the time had passed for which the breaker keeps the way shut. */
const openLanes = (tour: Tour): Promise<unknown> =>
  tour.sql("UPDATE balikan.lane SET gate = 'ready', streak = 0, gate_until = NULL");

/** Everything that the recipient may answer, or not. */
async function faults(tour: Tour, office: Office): Promise<void> {
  const { userId } = office.consumer;
  const kinds: { kind: string; status?: number; message?: string }[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 400, message: 'NIK tidak sesuai' },
    { kind: 'status', status: 200, message: 'Dalam pemeliharaan' },
    { kind: 'html' },
    { kind: 'reset' },
    { kind: 'reset-after-storing' },
    { kind: 'malformed' },
    { kind: 'hang' },
  ];
  for (const fault of kinds) {
    const { nik } = await known(tour, office, `data balikan that meet ${fault.kind} ${fault.status ?? ''}`);
    await tour.sandbox.balikanFault({ ...fault, userId, times: 1 });
    await openLanes(tour);
    await send(tour, `data balikan that meet ${fault.kind}`, office, { nik });
    await until(
      'everything is delivered, or tried',
      async () => {
        const waiting = await tour.sql(
          `SELECT 1 FROM balikan.record JOIN access.institution ON institution.id = institution_id
         WHERE region_code = $1 AND state = 'WAITING' AND attempts = 0`,
          [office.file.institution.regionCode],
        );
        return waiting.length === 0;
      },
      60_000,
    );
  }
  await tour.sandbox.clearBalikanFaults();
}

/** The recipient has the person in its hands, and so has the worker. */
async function crashWhileSending(tour: Tour, office: Office): Promise<void> {
  for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
    const { nik } = await known(tour, office, `data balikan on their way, ${signal}`);
    await tour.sandbox.balikanFault({ kind: 'hang', userId: office.consumer.userId });
    const held = await tour.sandbox.balikan();
    await send(tour, `${signal} of data-balikan while a record is on its way`, office, { nik });
    // whatever waits was tried before: its time is made to have come
    await tour.sql("UPDATE balikan.record SET due_at = balikan.clock() WHERE state = 'WAITING'");
    await openLanes(tour);
    await until('a record is on its way', async () => (await tour.sandbox.balikan()).requests > held.requests, 60_000);
    await tour.installation.end('data-balikan', signal);
    await tour.sandbox.clearBalikanFaults();
    await tour.installation.revive('data-balikan');
  }
}

/** One package is receipted, the next one is left open. */
async function media(tour: Tour): Promise<void> {
  const office = tour.office('administration');
  const { camat } = await tour.people();
  const of = async (name: string, route: Route, id = '', body?: object): Promise<Answer> =>
    tour.caller.send(name, route, {
      path: ofBatch(route, id),
      headers: { ...camat.headers, ...(body ? json : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  for (const fate of ['receipted', 'left open'] as const) {
    const { nik } = await known(tour, office, `on a medium, ${fate}`);
    await tour.sql(
      `INSERT INTO balikan.lane (institution_id, paused_at) VALUES ($1, now())
       ON CONFLICT (institution_id) DO UPDATE SET paused_at = now()`,
      [camat.session.institution.id],
    );
    await send(tour, 'data balikan for a medium', office, { nik });
    const made = await of('package for a medium', makeBalikanPackage);
    const id = idOf(made);
    await of('file for a medium', getBalikanPackageFile, id);
    await of('berita acara of a medium', getBalikanPackageMinutes, id);
    const receipt = { number: '470/1/2026', date: '2026-11-23', accepted: Number(made.body.records ?? 0), refused: 0 };
    if (fate === 'receipted') await of('receipt of a medium', receiptBalikanPackage, id, receipt);
  }
}
