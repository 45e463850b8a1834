import type pg from 'pg';
import { findingsOf } from '../search/finding.js';
import type { Matcher } from '../search/matcher.js';
import type { SearchedPlace } from '../search/place-search.js';
import { StreamSearch } from '../search/stream-search.js';
import { tablesOf, type Table } from './tables.js';

const rowsAtOnce = 1_000;
/** No type is read: every value stays the text that PostgreSQL writes it as. */
const asText = { getTypeParser: () => (text: string) => text };

/** Opens a database of the server as the superuser. */
export type Connect = (database?: string) => Promise<pg.Client>;

export interface SearchedText extends SearchedPlace {
  /** Values that are kept packed (TOAST), so that a search of the files may not see them: here they are unpacked. */
  packedValues: number;
}

/**
 * Searches every row of every table of every database as text, `bytea` also as the bytes that it is: what PostgreSQL has
 * packed is hidden from a search of its files.
 */
export async function searchDatabases(connect: Connect, matcher: Matcher, place: string): Promise<SearchedText> {
  const empty = { files: 0, bytes: 0, names: 0, vanished: 0, foreign: 0, unread: [], findings: [] };
  const result: SearchedText = { name: place, ...empty, packedValues: 0 };
  for (const database of await databasesOf(connect)) {
    const client = await connect(database);
    try {
      for (const table of await tablesOf(client)) {
        const search = await searchTable(client, table, matcher);
        result.files += 1;
        result.bytes += search.bytes;
        result.packedValues += await packedValues(client, table);
        const where = `${database}: ${table.name}`;
        result.findings.push(...findingsOf(search.finds, matcher.patterns, place, where));
      }
    } finally {
      await client.end();
    }
  }
  return result;
}

async function databasesOf(connect: Connect): Promise<string[]> {
  const client = await connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE datallowconn ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function searchTable(client: pg.Client, { name }: Table, matcher: Matcher): Promise<StreamSearch> {
  const search = new StreamSearch(matcher);
  await client.query('BEGIN READ ONLY');
  await client.query(`DECLARE every NO SCROLL CURSOR FOR SELECT * FROM ONLY ${name}`);
  for (;;) {
    const page = await client.query<(string | null)[]>({
      text: `FETCH ${rowsAtOnce} FROM every`,
      rowMode: 'array',
      types: asText,
    });
    if (page.rows.length === 0) break;
    const values = page.rows.flat().filter((value) => value !== null);
    search.push(Buffer.from(`${values.join('\n')}\n`));
    for (const value of values) if (value.startsWith('\\x')) search.push(Buffer.from(`${value.slice(2)}0a`, 'hex'));
  }
  await client.query('COMMIT');
  return search;
}

async function packedValues(client: pg.Client, { name, variable }: Table): Promise<number> {
  if (variable.length === 0) return 0;
  const sum = variable.map((column) => `(pg_column_compression(${column}) IS NOT NULL)::int`).join(' + ');
  const { rows } = await client.query<{ n: string }>(`SELECT coalesce(sum(${sum}), 0)::text AS n FROM ONLY ${name}`);
  return Number(rows[0]?.n ?? 0);
}
