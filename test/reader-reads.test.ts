import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { purpose, RunningStack } from './support/running-stack.js';
import { connectAgent, openReaderOffice, read, type ReaderOffice } from './support/reader-office.js';
import { cardOf, matching, type StandInAgent } from './support/stand-in-agent.js';

let stack: RunningStack;
let office: ReaderOffice;
let agent: StandInAgent;

beforeAll(async () => {
  stack = await RunningStack.start();
  office = await openReaderOffice(stack);
  agent = await connectAgent(office);
});
afterAll(async () => {
  await agent?.close();
  await stack.stop();
});

test('a card, a finger, an answer: on record without a person', async () => {
  const [person = {}] = await stack.people('FOUND', 1);
  agent.play = matching(cardOf(person));
  const answer = await read(stack, office);
  expect(answer).toMatchObject({ status: 200, body: { outcome: 'MATCHED', tries: 1, level: 'card-verified' } });
  expect(answer.body.elements).toEqual(cardOf(person));
  const rows = await stack.sql<Record<string, unknown>>('SELECT * FROM access.reader_read WHERE id = $1', [
    answer.body.id,
  ]);
  expect(rows).toMatchObject([{ outcome: 'MATCHED', tries: 1, service: purpose.service, level: 'card-verified' }]);
  expect(JSON.stringify(rows)).not.toContain('CONTOH');
});
