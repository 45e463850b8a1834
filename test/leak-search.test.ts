import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLeaksAtRest, findLeaksInAnswer, findLeaksInLogs } from './support/leaks.js';
import { purpose, RunningStack } from './support/running-stack.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-leaks-'));
  await mkdir(join(folder, 'logs'));
  await writeFile(join(folder, 'secrets.json'), '{"a":"s3cr3t-of-the-stack"}');
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['a NIK', '{"msg":"x","nik":"3313044107909901"}'],
  ['a NIK as a number', '{"msg":"x","nik":9171017008909903}'],
  ['a name', '{"msg":"SITI CONTOH"}'],
  ['a secret of the stack', 'password=s3cr3t-of-the-stack'],
  ['a secret of an office', 'sandi-kantor'],
  ['a token', 'Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.abc'],
])('the search of the logs finds %s', async (_what, line) => {
  await writeFile(
    join(folder, 'logs', 'gateway.log'),
    `{"msg":"ready","id":"019ab3c4-5d6e-7f80-9123-456789abcdef"}\n${line}\n`,
  );
  expect(await findLeaksInLogs(folder, ['sandi-kantor'])).toHaveLength(1);
});

test('the search of the disk finds a planted person, also in UTF-16', async () => {
  await writeFile(join(folder, 'logs', 'gateway.log'), '');
  expect(await findLeaksAtRest(folder)).toEqual([]);
  await writeFile(join(folder, 'page'), Buffer.concat([Buffer.alloc(9000), Buffer.from('BUDI CONTOH', 'utf16le')]));
  await writeFile(join(folder, 'wal'), Buffer.concat([Buffer.alloc(9000, 0xff), Buffer.from('3313043108859903')]));
  expect(await findLeaksAtRest(folder)).toEqual(expect.arrayContaining(['page: a name at rest', 'wal: a NIK at rest']));
});

test('the search of an error finds a NIK in its body and in its headers', () => {
  expect(findLeaksInAnswer('x', new Response('', { status: 400 }), '{"nik":"3313044107909901"}', [])).toHaveLength(1);
  expect(findLeaksInAnswer('x', new Response('', { headers: { x: '3313044107909901' } }), '', [])).toHaveLength(1);
  expect(findLeaksInAnswer('x', new Response(''), '{"nik":"3313044107909901"}', [])).toEqual([]);
});

test('a person written to the database would be found when the stack is stopped', async () => {
  const stack = await RunningStack.start();
  const office = await stack.addOffice();
  const [person] = await stack.people('FOUND', 1);
  await stack.verify(await stack.token(office), { nik: person?.nik, purpose });
  await stack.sql("UPDATE access.institution SET name = 'planted: SITI CONTOH'");
  await expect(stack.stop()).rejects.toThrow(/postgres.*a name at rest/s);
});
