import { provisionInstitutions } from '../../apps/launcher/src/provisioning.js';
import type { Stack } from '../../apps/launcher/src/stack.js';
import type { Sandbox } from '../sandbox.js';
import type { Variant } from '../variant.js';
import { client, makeOffice, operator } from './office.js';

/** What the ledger and the evidence say at the end, beside the sandbox's own count. */
export interface LedgerCounts {
  used: number;
  confirmed: number;
  otherHits: number;
  requested: number;
  answered: number;
  refused: number;
}

export interface FullLookUp extends Variant {
  counts(): Promise<LedgerCounts>;
  /** The settings by which a commit of the database is durable. */
  durability(): Promise<Record<string, string>>;
}

/**
 * The whole installation: token, access decision, quota and evidence in PostgreSQL, breaker, ministry adapter.
 *
 * @param name tells it from another one at the same sandbox
 */
export async function setUpFullLookUp(stack: Stack, sandbox: Sandbox, name = ''): Promise<FullLookUp> {
  const consumer = await sandbox.addConsumer(`full-look-up${name && `-${name}`}`);
  const named = (process: string) => (name ? `${process} (${name})` : process);
  await provisionInstitutions(stack, [makeOffice(sandbox.url, consumer)]);
  return {
    url: stack.gatewayUrl,
    processes: [
      { name: named('gateway'), pid: stack.replicas.gateway[0]?.child.pid, judged: true },
      { name: named('nik-verification'), pid: stack.replicas['nik-verification'][0]?.child.pid, judged: true },
      { name: named('nats'), pid: stack.nats.process.pid },
      { name: named('postgres'), pid: stack.postgres.process.pid, family: true },
    ],
    authorization: () => getToken(stack.gatewayUrl),
    hits: () => sandbox.hits(consumer.userId),
    counts: async () => {
      const [row] = await query<LedgerCounts>(
        stack,
        `SELECT (SELECT coalesce(sum(used - carried), 0)::int FROM verification.hit_day) AS used,
           (SELECT count(*) FILTER (WHERE state = 'confirmed')::int FROM verification.hit) AS confirmed,
           (SELECT count(*) FILTER (WHERE state <> 'confirmed')::int FROM verification.hit) AS "otherHits",
           count(*) FILTER (WHERE kind = 'REQUESTED')::int AS requested,
           count(*) FILTER (WHERE kind = 'ANSWERED')::int AS answered,
           count(*) FILTER (WHERE kind = 'REFUSED')::int AS refused
         FROM verification.access_event`,
      );
      if (!row) throw new Error('the ledger answered no counts');
      return row;
    },
    durability: async () => {
      const rows = await query<{ name: string; setting: string }>(
        stack,
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') ORDER BY name",
      );
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    },
    stop: () => stack.stop(),
  };
}

/** The `Authorization` header of the benchmark's client, for the next minutes. */
export async function getToken(url: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', operator }).toString(),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (!token) throw new Error(`no token for the benchmark's client: ${response.status}`);
  return `Bearer ${token}`;
}

/** Asks the stack's database as superuser. */
export async function query<T>(stack: Stack, text: string): Promise<T[]> {
  const connection = await stack.postgres.connect('gerbang');
  try {
    return (await connection.query(text)).rows as T[];
  } finally {
    await connection.end();
  }
}
