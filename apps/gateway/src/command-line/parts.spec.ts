import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { MediaReceipt, receiptBalikanPackage } from '#contracts';
import { CommandLine, problem, StandInGateway } from './command-line-fixture.js';

/** What the gateway takes of JSON, bytes (GATEWAY_BODY_LIMIT_BYTES). */
const bodyLimit = 64 * 1_024;
const receipt = { number: '470/112/2026', date: '2026-11-23', accepted: 96_000, refused: 4_000 };
const registers = Array.from({ length: 4_000 }, (_, n) => `500/${n}/SKU/XI/2026`);

let gateway: StandInGateway;
let person: CommandLine;
beforeAll(async () => {
  gateway = await StandInGateway.start();
  person = await CommandLine.open(gateway.url);
  await person.logIn(gateway);
});
afterAll(async () => {
  await person.close();
  await gateway.stop();
});
beforeEach(() => {
  gateway.requests.length = 0;
  gateway.answer = () => ({ body: receiptBalikanPackage.response.examples.open });
});

async function hand(refusedRegisters: readonly string[], more: object = {}) {
  await writeFile(person.path('tanda-terima.json'), JSON.stringify({ ...receipt, refusedRegisters, ...more }));
  return person.run(['data-balikan', 'receipt', '--id', 'a', '--file', person.path('tanda-terima.json')]);
}
const sent = () => gateway.requests.map(({ body }) => JSON.parse(body) as object);

test.each([
  ['a list of thousands', registers],
  ['the longest texts', registers.map((text) => text.padEnd(80, '\u4e00'))],
])('%s goes in parts that the gateway takes, one after the other', async (_name, given) => {
  expect(await hand(given)).toMatchObject({ status: 0, error: '' });
  const parts = sent().map((body) => MediaReceipt.parse(body));
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap(({ refusedRegisters }) => refusedRegisters)).toEqual(given);
  expect(parts.map(({ part, last }) => [part, last])).toEqual(parts.map((_, at) => [at + 1, at === parts.length - 1]));
  for (const { body } of gateway.requests) expect(Buffer.byteLength(body)).toBeLessThan(bodyLimit);
  for (const part of parts) expect(part).toMatchObject(receipt);
});

test('a short one is sent as it is, and so is a part that somebody made', async () => {
  await hand(['500/1']);
  await hand(registers, { part: 2, last: false });
  expect(sent()).toEqual([
    { ...receipt, refusedRegisters: ['500/1'] },
    { ...receipt, refusedRegisters: registers, part: 2, last: false },
  ]);
});

test('after a refusal nothing more is sent', async () => {
  gateway.answer = () => problem('STATE_CONFLICT');
  expect(await hand(registers)).toMatchObject({ status: 1, error: expect.stringContaining('STATE_CONFLICT') });
  expect(gateway.requests).toHaveLength(1);
});
