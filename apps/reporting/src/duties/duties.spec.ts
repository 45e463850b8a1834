import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { NewDuty } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Duties } from './duties.js';
import { DutyRepository, mostOpen } from './duty.repository.js';

const now = '2028-03-01T03:00:00.000Z';
let database: TestDatabase;
let pool: pg.Pool;
let duties: Duties;

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: now });
  pool = database.pool('reporting');
  duties = new Duties(new DutyRepository(pool));
});
afterAll(() => database.drop());

const open = (office: string, overrides: object = {}) =>
  duties.open(
    office,
    NewDuty.parse({ kind: 'PERSON_TRAIL', number: '470/1', receivedAt: '2028-02-27T10:00:00+07:00', ...overrides }),
    null,
  );
const done = { at: '2028-02-29T03:00:00.000Z', letterNumber: '470/2' };

test('the clock runs 72 hours from when it was received, over a 29 February as well', async () => {
  const duty = await open(randomUUID());
  expect(duty).toMatchObject({ receivedAt: '2028-02-27T03:00:00.000Z', dueAt: '2028-03-01T03:00:00.000Z', done: null });
});

test.each([
  ['in the future', { receivedAt: '2028-03-01T03:00:00.001Z' }],
  ['more than a year ago', { receivedAt: '2027-02-28T02:59:59Z' }],
])('received %s: refused', async (_name, overrides) => {
  await expect(open(randomUUID(), overrides)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
    extras: { issues: [{ path: 'receivedAt' }] },
  });
});

test('this very moment is no future, and a number never holds a NIK', async () => {
  expect((await open(randomUUID(), { receivedAt: now })).done).toBeNull();
  expect(NewDuty.safeParse({ kind: 'PERSON_TRAIL', number: '3313044107909901', receivedAt: now }).success).toBe(false);
});

test('a number is open once, for its kind and office; when it is closed it may come again', async () => {
  const office = randomUUID();
  // two at once: one of them
  const outcomes = await Promise.allSettled([open(office), open(office)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(open(office)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  await open(office, { kind: 'BREACH_NOTICE' });
  await open(randomUUID());
  const [first] = await duties.list(office);
  await duties.close(office, first?.id ?? '', done, null);
  await open(office);
});

test('closed once, not before it was received and not in the future; late where it was late', async () => {
  const office = randomUUID();
  const { id } = await open(office);
  const close = (overrides: object = {}) => duties.close(office, id, { ...done, ...overrides }, null);
  for (const at of ['2028-02-27T02:59:59.999Z', '2028-03-01T03:00:00.001Z'])
    await expect(close({ at })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      extras: { issues: [{ path: 'at' }] },
    });
  await expect(duties.close(randomUUID(), id, done, null)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  expect(await close({ note: 'Diambil sendiri' })).toMatchObject({
    done: { ...done, note: 'Diambil sendiri', late: false },
  });
  await expect(close()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  const late = await open(office, { number: '470/9', receivedAt: '2028-02-20T03:00:00Z' });
  expect((await duties.close(office, late.id, done, null)).done?.late).toBe(true);
});

test('open ones first, the one that is due next at the top; no office sees another’s', async () => {
  const office = randomUUID();
  const closed = await open(office, { number: 'A', receivedAt: '2028-02-20T03:00:00Z' });
  await duties.close(office, closed.id, done, null);
  await open(office, { number: 'B', receivedAt: '2028-02-29T03:00:00Z' });
  await open(office, { number: 'C', receivedAt: '2028-02-28T03:00:00Z' });
  expect((await duties.list(office)).map(({ number }) => number)).toEqual(['C', 'B', 'A']);
  expect(await duties.list(randomUUID())).toEqual([]);
});

test('a queue has a bound', async () => {
  const office = randomUUID();
  for (let n = 0; n < mostOpen; n += 1) await open(office, { number: `N/${n}` });
  await expect(open(office, { number: 'N/more' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
});

test('the service can neither delete nor rewrite what is recorded, nor close it twice', async () => {
  const office = randomUUID();
  const { id } = await open(office);
  await expect(pool.query('DELETE FROM reporting.duty WHERE id = $1', [id])).rejects.toThrow(/permission denied/);
  await expect(pool.query('UPDATE reporting.duty SET received_at = now() WHERE id = $1', [id])).rejects.toThrow(
    /permission/,
  );
  await duties.close(office, id, done, null);
  await expect(pool.query("UPDATE reporting.duty SET note = 'lain' WHERE id = $1", [id])).rejects.toThrow(
    /closed once/,
  );
});
