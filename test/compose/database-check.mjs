/** Runs inside the gateway's container, from standard input: its database role sees its own schema and no other. */
import { readFileSync } from 'node:fs';
import pg from 'pg';

const client = new pg.Client({
  host: process.env.GATEWAY_DATABASE_HOST,
  database: process.env.GATEWAY_DATABASE_NAME,
  user: process.env.GATEWAY_DATABASE_USER,
  password: readFileSync(process.env.GATEWAY_DATABASE_PASSWORD_FILE, 'utf8').trim(),
});
await client.connect();
const outcome = (sql) =>
  client.query(sql).then(
    () => 'read',
    (error) => error.code,
  );
const own = await outcome('SELECT 1 FROM access.institution LIMIT 1');
const ledger = await outcome('SELECT 1 FROM verification.quota_grant LIMIT 1');
await client.end();

process.stdout.write(`own schema: ${own}, verification: ${ledger} (42501 is "permission denied")\n`);
process.exitCode = own === 'read' && ledger === '42501' ? 0 : 1;
