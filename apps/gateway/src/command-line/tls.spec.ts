import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { CommandLine, loggedIn, StandInGateway } from './command-line-fixture.js';

const fixture = (name: string): string => new URL(`../../../../test/fixtures/tls/${name}`, import.meta.url).pathname;

let gateway: StandInGateway;
let person: CommandLine;
beforeAll(async () => {
  gateway = await StandInGateway.start({
    cert: await readFile(fixture('server.pem')),
    key: await readFile(fixture('server.key')),
  });
  gateway.answer = () => loggedIn;
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  gateway.requests.length = 0;
  person = await CommandLine.open(gateway.url);
  person.environment.GERBANG_PASSWORD = 'kuda baterai staples benar';
});
afterEach(() => person.close());

const logIn = ['login', '--username', 'camat.contoh'];

test('a certificate of nobody known is refused, and nothing is sent', async () => {
  const { status, error } = await person.run(logIn);
  expect(status).toBe(3);
  expect(error).toContain('sertifikatnya tidak dapat dipercaya');
  expect(error).toContain('--ca berkas.pem');
  expect(gateway.requests).toEqual([]);
});

test('the own authority is named once: the session keeps its path', async () => {
  expect(await person.run([...logIn, '--ca', fixture('ca.pem')])).toMatchObject({ status: 0, error: '' });
  expect(await person.run(['session', 'list'])).toMatchObject({ status: 0, error: '' });
  expect(gateway.requests).toHaveLength(2);
});

test('another authority, or no certificate at all, does not help', async () => {
  await writeFile(person.path('bukan.pem'), 'x');
  expect((await person.run([...logIn, '--ca', person.path('bukan.pem')])).status).toBe(2);
  expect((await person.run([...logIn, '--ca', person.path('tidak-ada.pem')])).status).toBe(2);
  await writeFile(person.path('rusak.pem'), '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
  expect((await person.run([...logIn, '--ca', person.path('rusak.pem')])).status).toBeGreaterThan(1);
  expect(gateway.requests).toEqual([]);
});
