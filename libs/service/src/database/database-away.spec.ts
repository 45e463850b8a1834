import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { AppError } from '../app-error.js';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { unlessAway } from './database-away.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

const away = { code: 'SERVICE_UNAVAILABLE' };

test('a database that is not there, or ends the connection, may be asked again', async () => {
  const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 2_000 });
  await expect(unlessAway(nowhere.query('SELECT 1'))).rejects.toMatchObject(away);
  await nowhere.end();
  const pool = database.pool('data_balikan', { max: 1 });
  await expect(unlessAway(pool.query('SELECT pg_terminate_backend(pg_backend_pid())'))).rejects.toMatchObject(away);
  const slow = database.pool('data_balikan', { max: 1, statement_timeout: 50 });
  await expect(unlessAway(slow.query('SELECT pg_sleep(20)'))).rejects.toMatchObject(away);
});

test('a fault of ours stays what it is, and so does an answer', async () => {
  const pool = database.pool('data_balikan');
  await expect(unlessAway(pool.query('SELECT nothing'))).rejects.toMatchObject({ code: '42703' });
  await expect(unlessAway(Promise.reject(new AppError('RECORD_DIFFERS')))).rejects.toMatchObject({
    code: 'RECORD_DIFFERS',
  });
  await expect(unlessAway(Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
  expect(await unlessAway(Promise.resolve(1))).toBe(1);
});
