import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { BalikanDestination } from '#contracts';
import { bodyOf, MinistryClient, type ServedDestination } from './ministry-client.js';

const nik = '3313044107909901';
const record = {
  nomorRegister: '500/001/SKU/I/2026',
  namaUsaha: 'WARUNG "CONTOH" & ANAK=1',
  jenisUsaha: 'Dagang',
  kodeKbli: '47112',
  versiKbli: null,
  tanggal: '2026-01-31',
};
const destination = (rest: object = {}, service: object = {}) =>
  BalikanDestination.parse({
    idLembaga: '000123',
    namaLembaga: 'Kecamatan Contoh',
    service: { baseUrl: 'http://127.0.0.1:9', token: 'x', ...service },
    ...rest,
  }) as ServedDestination;

test('by default a JSON array with the three known keys, and a NIK that stays a text', () => {
  expect(JSON.parse(bodyOf(destination(), nik, record))).toEqual([
    {
      id_lembaga: '000123',
      nama_lembaga: 'Kecamatan Contoh',
      data: [
        {
          NIK: nik,
          param: [
            { NOMOR_REGISTER: record.nomorRegister, NAMA_USAHA: record.namaUsaha, JENIS_USAHA: record.jenisUsaha },
          ],
        },
      ],
    },
  ]);
});

test('as a form, where param is a JSON text; keys as they are configured, without what has no value', () => {
  const paramKeys = { nomorRegister: 'noReg', namaUsaha: 'nama', kodeKbli: 'kbli', versiKbli: 'versi', tanggal: 'tgl' };
  const form = new URLSearchParams(bodyOf(destination({ paramKeys }, { body: 'FORM' }), nik, record));
  expect(Object.fromEntries(form)).toEqual({
    nik,
    id_lembaga: '000123',
    nama_lembaga: 'Kecamatan Contoh',
    param: JSON.stringify([
      { noReg: record.nomorRegister, nama: record.namaUsaha, JENIS_USAHA: 'Dagang', kbli: '47112', tgl: '2026-01-31' },
    ]),
  });
});

test('a connection that does not come up is given up long before the deadline, and sends nothing when it comes after all', async () => {
  const deadlineMs = 60_000;
  // takes the connection, and does not answer the TLS handshake
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = new MinistryClient(destination({}, { baseUrl: `https://127.0.0.1:${port}`, deadlineMs }), 1);
  try {
    const began = performance.now();
    const [[socket], outcome] = await Promise.all([
      once(listener, 'connection') as Promise<[Socket]>,
      client.send(nik, record),
    ]);
    expect(outcome).toEqual({ failed: 'UNAVAILABLE' });
    expect(performance.now() - began).toBeLessThan(deadlineMs / 2);
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
  } finally {
    await client.close();
    listener.close();
  }
});

test('a service that is not there is unavailable', async () => {
  const client = new MinistryClient(destination(), 1);
  expect(await client.send(nik, record)).toEqual({ failed: 'UNAVAILABLE' });
  await client.close();
});
