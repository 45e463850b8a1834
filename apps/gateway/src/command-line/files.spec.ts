import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { getBalikanResult, uploadBalikanBatch } from '#contracts';
import { CommandLine, problem, StandInGateway } from './command-line-fixture.js';

const id = '019ab3c4-5d6e-7f80-9123-456789abcdef';
const content = 'NIK;Nomor Register\r\n="x";500/001\r\n';

let gateway: StandInGateway;
let person: CommandLine;
beforeEach(async () => {
  gateway = await StandInGateway.start();
  person = await CommandLine.open(gateway.url);
  await person.logIn(gateway);
  gateway.answer = () => ({ status: 202, body: uploadBalikanBatch.response.examples.queued });
});
afterEach(async () => {
  await person.close();
  await gateway.stop();
});

describe('a file is handed in', () => {
  test.each([
    ['by its name alone', (path: string) => [path]],
    ['as an option', (path: string) => ['--file', path]],
  ])('%s, with what is asked for in the query', async (_name, named) => {
    const path = person.path('berkas "usaha".csv');
    await writeFile(path, content);
    const line = ['data-balikan', 'upload', ...named(path), '--policy', 'GOOD_ROWS'];
    const { status, out, error } = await person.run(line);
    // it is no proposal that waits for somebody
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(out)).toMatchObject({ id, state: 'QUEUED' });
    expect(gateway.last).toMatchObject({ method: 'POST', path: '/v1/data-balikan/batches?policy=GOOD_ROWS' });
    const boundary = gateway.last?.headers['content-type']?.split('boundary=')[1] ?? '';
    const body = gateway.last?.body ?? '';
    expect(body.startsWith(`--${boundary}\r\n`) && body.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
    expect(body).toContain('name="file"; filename="berkas %22usaha%22.csv"');
    expect(body).toContain(`\r\n\r\n${content}\r\n--`);
    expect(Number(gateway.last?.headers['content-length'])).toBe(Buffer.byteLength(body));
  });

  test.each([
    ['is not there', ['tidak-ada.xlsx'], '(ENOENT)'],
    ['is a folder', ['state'], '(EISDIR)'],
    ['is not named', [], '--file: '],
    ['is one of two', ['satu.csv', 'dua.csv'], 'berlebih'],
  ])('but not one that %s', async (_name, paths, fault) => {
    const line = ['data-balikan', 'upload', ...paths.map((name) => person.path(name))];
    const { status, error } = await person.run(line);
    expect({ status, error }).toEqual({ status: 2, error: expect.stringContaining(fault) });
    expect(gateway.requests).toEqual([]);
  });

  test('and another command takes no word too much', async () => {
    const { status, error } = await person.run(['data-balikan', 'list', 'berkas.csv']);
    expect({ status, error }).toEqual({ status: 2, error: expect.stringContaining('"berkas.csv" berlebih') });
  });
});

describe('a file comes back', () => {
  const line = () => ['data-balikan', 'result', '--id', id, '--out', person.path('hasil.xlsx')];

  test('byte by byte, of whatever kind', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    gateway.answer = () => ({ body: bytes, contentType: getBalikanResult.response.contentType });
    expect(await person.run(line())).toMatchObject({ status: 0, out: '' });
    expect((await readFile(person.path('hasil.xlsx'))).equals(bytes)).toBe(true);
    expect(gateway.last).toMatchObject({ method: 'GET', path: `/v1/data-balikan/batches/${id}/result` });
  });

  test('and a refusal is told, not saved', async () => {
    gateway.answer = () => problem('STATE_CONFLICT');
    const { status, error } = await person.run(line());
    expect({ status, error }).toEqual({ status: 1, error: expect.stringContaining('STATE_CONFLICT') });
    await expect(readFile(person.path('hasil.xlsx'))).rejects.toThrow('ENOENT');
  });

  test('and not to the terminal', async () => {
    expect(await person.run(line().slice(0, -2))).toMatchObject({ status: 2, error: expect.stringContaining('--out') });
  });
});
