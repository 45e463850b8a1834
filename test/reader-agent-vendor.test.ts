import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { VendorConfig } from '../apps/reader-agent/src/adapters/vendor/config.js';
import { VendorReader } from '../apps/reader-agent/src/adapters/vendor/vendor-reader.js';
import { ReadFailure, type ReadStep } from '../apps/reader-agent/src/port.js';
import { Log } from '#service';
import { findFreePort } from './support/reader-agent/broker.js';

const program = 'test/support/reader-agent/vendor-program.mjs';
/** As docs/reader-agent.md has it: the biodata record of the chip, by its places. */
const settings = {
  timeouts: { status: 400, statusEvery: 100, stop: 300 },
  csvRecord: 'biodata',
  fields: {
    nik: '{0}',
    namaLengkap: '{13}',
    jenisKelamin: '{8}',
    tempatLahir: '{4}',
    tanggalLahir: '{14}',
    jenisPekerjaan: '{12}',
    statusPerkawinan: '{11}',
    alamat: '{1}[ RT {2}][ RW {3}][, {6}][, {5}][, {7}][, {15}]',
  },
  steps: { tempel: 'WAITING_FOR_CARD', jari: 'PUT_FINGER', ulang: 'TRY_FAILED' },
  errors: { E07: 'SAM_FAULT', E_STOP: 'CANCELLED' },
};
const siti = {
  nik: '3313044107909901',
  namaLengkap: 'SITI CONTOH',
  jenisKelamin: 'PEREMPUAN',
  tempatLahir: 'KARANGANYAR',
  tanggalLahir: '1990-07-01',
  jenisPekerjaan: 'PEDAGANG',
  statusPerkawinan: 'KAWIN',
  alamat: 'JL CONTOH NO 1 RT 006 RW 002, GENENGAN, JUMANTONO, KARANGANYAR, JAWA TENGAH',
};

let reader: VendorReader;
let server: ChildProcess | undefined;

afterEach(async () => {
  await reader.close();
  server?.kill('SIGKILL');
  server = undefined;
});

type Kind = 'stdio' | 'http';

async function open(kind: Kind, manner: string, extra = {}): Promise<void> {
  let transport: unknown = { kind, command: [process.execPath, program, manner] };
  if (kind === 'http') {
    const port = await findFreePort();
    server = spawn(process.execPath, [program, manner, String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(server.stdout as NodeJS.ReadableStream, 'data');
    transport = { kind, url: `http://127.0.0.1:${port}` };
  }
  reader = await VendorReader.open(
    VendorConfig.parse({ ...settings, transport, ...extra }),
    Log.create('test', 'error'),
  );
}

function stateIs(fits: (faults: string[]) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => fits(reader.state().faults) && resolve();
    reader.onChange(look);
    look();
  });
}
const ready = () => stateIs((faults) => faults.length === 0);

async function read(signal = AbortSignal.timeout(10_000), onStep: (step: ReadStep) => void = () => undefined) {
  const steps: [ReadStep, number][] = [];
  const onProgress = (step: ReadStep, tries: number) => {
    steps.push([step, tries]);
    onStep(step);
  };
  try {
    return { steps, ...(await reader.read({ elements: ['nik'], mostTries: 4, signal, onProgress })) };
  } catch (thrown) {
    if (!(thrown instanceof ReadFailure)) throw thrown;
    return { steps, outcome: thrown.outcome, tries: thrown.tries };
  }
}

describe.each<Kind>(['stdio', 'http'])('a vendor’s program over %s', (kind) => {
  test('card, finger, elements: mapped by the settings, and nothing else leaves', async () => {
    await open(kind, 'good');
    await ready();
    expect(reader.state()).toMatchObject({ reader: 'Vendor 1', sam: { present: true, serial: 'SAM-9901' } });
    expect(await read()).toEqual({
      tries: 1,
      elements: siti,
      steps: [
        ['WAITING_FOR_CARD', 0],
        ['PUT_FINGER', 0],
        ['TRY_FAILED', 1],
      ],
    });
  });

  test('a NIK that is written as a bare number keeps its digits', async () => {
    await open(kind, 'good', { fields: { nik: '{nomor}' } });
    await ready();
    expect(await read()).toMatchObject({ elements: { nik: '9171017008909903' } });
  });

  test.each([
    ['error', 'SAM_FAULT'],
    ['unknown-error', 'READER_FAULT'],
    ['inherited-error', 'READER_FAULT'],
    ['floods', 'READER_FAULT'],
    ['endless', 'READER_FAULT'],
    ['dies', 'READER_FAULT'],
  ])('%s ends the read as %s', async (manner, outcome) => {
    await open(kind, manner);
    await ready();
    expect(await read()).toMatchObject({ outcome });
  });

  test('garbage between the lines is passed over', async () => {
    await open(kind, 'garbage');
    await ready();
    expect(await read()).toMatchObject({ elements: siti });
  });

  test('a program that hangs is told as no program', async () => {
    await open(kind, 'hangs');
    await stateIs((faults) => faults.includes('NO_VENDOR_SDK'));
    expect(await read(AbortSignal.timeout(300))).toMatchObject({ outcome: 'READER_FAULT' });
    expect(reader.state().faults).toContain('NO_VENDOR_SDK');
  });

  test('stopped in the middle; a program that does not stop is made to', async () => {
    for (const [manner, outcome] of [
      ['waits', 'CANCELLED'],
      ['never-stops', 'READER_FAULT'],
    ] as const) {
      await open(kind, manner);
      await ready();
      const stop = new AbortController();
      expect(await read(stop.signal, () => stop.abort())).toMatchObject({ outcome });
      await reader.close();
    }
  });
});

test('a program that died is started again, and reads', async () => {
  await open('stdio', 'dies');
  await ready();
  expect(await read()).toMatchObject({ outcome: 'READER_FAULT' });
  await stateIs((faults) => faults.length > 0);
  await ready();
});

test('over HTTP, an order that the program does not know is no end of a read', async () => {
  await open('http', 'refuses-the-rest', { timeouts: { status: 5_000, statusEvery: 60_000, stop: 300 } });
  await ready();
  let ended = false;
  reader.onChange(() => (ended = true));
  reader.allowStandalone(true);
  expect(await read()).toMatchObject({ tries: 1 });
  reader.allowStandalone(false);
  expect(await read()).toMatchObject({ tries: 1 });
  expect(ended).toBe(false);
});

test('a command that cannot be started at all is told as no program', async () => {
  const transport = { kind: 'stdio', command: ['no\u0000program'] };
  reader = await VendorReader.open(VendorConfig.parse({ ...settings, transport }), Log.create('test', 'error'));
  expect(reader.state().faults).toContain('NO_VENDOR_SDK');
});

test('only this PC: another address, or a name, is no address of a vendor’s program', () => {
  for (const url of [
    'http://10.0.0.10:8000',
    'http://localhost:8000',
    'https://127.0.0.1:8000',
    'http://127.0.0.1.contoh',
  ])
    expect(VendorConfig.safeParse({ ...settings, transport: { kind: 'http', url } }).success).toBe(false);
});
