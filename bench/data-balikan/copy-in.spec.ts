import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { TestDatabase } from '../../test/support/test-database.js';
import { CopyIn, copyLine } from './copy-in.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await TestDatabase.create();
  pool = database.pool('data_balikan', { max: 1 });
});
afterAll(() => database.drop());

test('every row arrives as it was written, and the connection can be used again', async () => {
  const rows: (string | null)[][] = [
    ['a', 'tab\tback\\slash'],
    ['line\nbreak\r', null],
    ['\\N', ''],
    ...Array.from({ length: 50_000 }, (_, n) => [String(n), 'x'.repeat(100)]),
  ];
  const client = await pool.connect();
  try {
    await client.query('CREATE TEMP TABLE plain (a text, b text)');
    const copy = client.query(new CopyIn('COPY plain FROM STDIN'));
    for (let at = 0; at < rows.length; at += 1_000)
      await copy.write(
        rows
          .slice(at, at + 1_000)
          .map(copyLine)
          .join(''),
      );
    expect(await copy.end()).toBe(rows.length);
    const { rows: read } = await client.query({ text: 'SELECT a, b FROM plain', rowMode: 'array' });
    expect(read).toEqual(rows);
  } finally {
    client.release();
  }
});

test('what the database refuses is told', async () => {
  const client = await pool.connect();
  try {
    await client.query('CREATE TEMP TABLE days (day date)');
    const copy = client.query(new CopyIn('COPY days FROM STDIN'));
    await copy.write('yesterday-ish\n');
    await expect(copy.end()).rejects.toThrow('invalid input syntax');
    await expect(client.query(new CopyIn('COPY nowhere FROM STDIN')).write('1\n')).rejects.toThrow('does not exist');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  } finally {
    client.release();
  }
});
