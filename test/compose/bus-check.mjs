/** Runs inside the gateway's container, from standard input: the bus lets nobody in without a password, and nobody at foreign subjects. */
import { readFileSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';

const servers = process.env.GATEWAY_NATS_URL;
const stranger = await connect({ servers, reconnect: false }).then(
  () => 'let in',
  (error) => error.name,
);

const pass = readFileSync(process.env.GATEWAY_NATS_PASSWORD_FILE, 'utf8').trim();
const bus = await connect({ servers, user: process.env.GATEWAY_NATS_USER, pass, reconnect: false });
const listening = await new Promise((resolve) => {
  bus.subscribe('verification.>', { callback: (error) => resolve(error ? error.name : 'heard something') });
  setTimeout(() => resolve('allowed'), 2_000).unref();
});
await bus.close();

process.stdout.write(`without a password: ${stranger}; the gateway listening to look-ups: ${listening}\n`);
process.exitCode = stranger === 'AuthorizationError' && listening === 'PermissionViolationError' ? 0 : 1;
