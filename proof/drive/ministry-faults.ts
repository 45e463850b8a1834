import { Fault } from '../../apps/dukcapil-sandbox/src/faults/fault.js';
import type { Canary } from '../canaries/canary.js';
import type { OfficeKey } from './offices.js';
import { matchOf } from './outcomes.js';
import type { FaultRequest } from './sandbox.js';
import type { Tour } from './tour.js';

/** Every kind of fault that the sandbox can do, with the variants that take other ways through the adapter. */
function faultsFor(canary: Canary): FaultRequest[] {
  const record = JSON.stringify({ content: [{ NIK: canary.nik, ...canary.guest }] });
  return [
    { kind: 'latency', ms: 50 },
    { kind: 'drop-before-count' },
    { kind: 'drop-after-count' },
    { kind: 'reset' },
    { kind: 'slow-drip', bytesPerSecond: 5_000 },
    { kind: 'garbage' },
    { kind: 'html' },
    { kind: 'empty' },
    { kind: 'truncated', ending: 'content-length' },
    { kind: 'truncated', ending: 'chunked' },
    { kind: 'wrong-encoding', encoding: 'utf16le' },
    { kind: 'wrong-encoding', encoding: 'latin1' },
    { kind: 'huge', megabytes: 1 },
    { kind: 'content-object' },
    { kind: 'content-empty' },
    { kind: 'missing-content' },
    { kind: 'wrong-nik' },
    { kind: 'status', status: 500, body: record },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 404, body: record },
    { kind: 'respon', text: `Data Tidak Ditemukan: ${canary.nik} ${canary.guest.namaLengkap}` },
    { kind: 'respon', text: `Layanan sedang dalam perbaikan ${canary.nik}` },
    { kind: 'code', code: '99', desc: `Kesalahan pada ${canary.nik} ${canary.guest.namaLengkap}` },
    { kind: 'code', code: canary.nik, desc: canary.guest.namaLengkap },
    ...['02', '03', '04', '07', '08', '09', '10', '11', '12', '13', '14', '15', '16', '17'].map((code) => ({
      kind: 'code',
      code,
    })),
  ];
}

/** Those that last until the deadline. */
const slow: FaultRequest[] = [
  { kind: 'latency', ms: 30_000 },
  { kind: 'hang-before-count' },
  { kind: 'hang-after-count' },
  { kind: 'slow-drip', bytesPerSecond: 20 },
];

/** Those that shut the way for an office. */
const shutting: [OfficeKey, FaultRequest][] = [
  ['quota-refused', { kind: 'code', code: '05' }],
  ['quota-refused-old-server', { kind: 'respon', text: 'Kuota Akses Hari ini telah Habis' }],
  ['closed', { kind: 'code', code: '06' }],
];

/** Every way in which the ministry can fail, in a look-up and in a match. */
export async function driveMinistryFaults(tour: Tour): Promise<void> {
  mustKnowEveryKind();
  await slowFaults(tour);
  const { length } = faultsFor(tour.canaries.stranger('nobody'));
  for (let index = 0; index < length; index += 1) {
    const canary = await tour.canaries.of(`fault ${index + 1}`);
    const fault = faultsFor(canary)[index];
    if (fault) await oneFault(tour, 'faults', fault, canary);
  }
  for (const [key, fault] of shutting) {
    const canary = await tour.canaries.of(`fault: ${key}`);
    await oneFault(tour, key, fault, canary);
    await tour.caller.verify(`after it: ${nameOf(fault)}`, tour.office(key), { nik: canary.nik });
    await tour.openGates();
  }
  await breaker(tour);
  const canary = await tour.canaries.of('ministry down');
  await tour.caller.verify('the ministry is down', tour.office('down'), { nik: canary.nik });
  await tour.caller.verify('no access right on file', tour.office('no-upstream'), { nik: canary.nik });
}

async function oneFault(tour: Tour, key: OfficeKey, fault: FaultRequest, canary: Canary): Promise<void> {
  const office = tour.office(key);
  await tour.sandbox.fault({ ...fault, nik: canary.nik });
  for (const ask of [{}, { match: matchOf(canary) }]) {
    await tour.caller.verify(`fault: ${nameOf(fault)}`, office, { nik: canary.nik, ...ask });
    await tour.openGates();
  }
  await tour.sandbox.clearFaults();
}

/** All at once, because each takes as long as the office's deadline. */
async function slowFaults(tour: Tour): Promise<void> {
  const office = tour.office('slow');
  await Promise.all(
    slow.map(async (fault) => {
      const canary = await tour.canaries.of(`slow fault: ${nameOf(fault)}`);
      await tour.sandbox.fault({ ...fault, nik: canary.nik });
      await tour.caller.verify(`fault: ${nameOf(fault)}`, office, { nik: canary.nik });
    }),
  );
  await tour.sandbox.clearFaults();
  await tour.openGates();
}

async function breaker(tour: Tour): Promise<void> {
  const canary = await tour.canaries.of('breaker');
  await tour.sandbox.fault({ kind: 'status', status: 503, nik: canary.nik });
  for (let count = 0; count < 8; count += 1)
    await tour.caller.verify('failures until the breaker opens, and behind it', tour.office('faults'), {
      nik: canary.nik,
    });
  await tour.sandbox.clearFaults();
  await tour.openGates();
}

const nameOf = ({ kind, ...more }: FaultRequest): string => {
  const told = ['ending', 'encoding', 'status', 'code', 'bytesPerSecond', 'ms'].map((key) => more[key]);
  // what stands for a person here is not told
  const short = told.filter((value) => ['string', 'number'].includes(typeof value) && `${value as string}`.length < 16);
  return [kind, ...short].join(' ');
};

/** A kind that the sandbox has learned and that is not driven here is a gap in the proof. */
function mustKnowEveryKind(): void {
  const kinds = Fault.options.map((option) => option.shape.kind.value);
  const nobody = { nik: '', guest: {} } as Canary;
  const driven = [...faultsFor(nobody), ...slow].map(({ kind }) => kind);
  const missing = kinds.filter((kind) => !driven.includes(kind));
  if (missing.length > 0) throw new Error(`the sandbox has faults that are not driven: ${missing.join(', ')}`);
}
