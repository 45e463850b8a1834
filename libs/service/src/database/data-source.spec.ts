import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions, poolOf, ServicePool } from './data-source.js';

/** A message of the server: type, length, content (PostgreSQL documentation, "Message Formats"). */
function message(type: string, ...parts: (string | number)[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([0, 0, 0, part]))),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** Lets everybody in, and says in the same packet that it is going away. */
const welcome = Buffer.concat([
  message('R', 0),
  message('Z', 'I'),
  message('E', 'SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
]);

let server: Server;
let port: number;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(welcome));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

test('a connection that ends in the instant that it is handed out is an error of the next statement, and of nothing else', async () => {
  const pool = new ServicePool({ host: '127.0.0.1', port, user: 'uji', database: 'uji', max: 1 });
  pool.on('error', () => undefined);
  const client = await pool.connect();
  await expect(client.query('SELECT 1')).rejects.toThrow();
  client.release(true);
  await pool.end();
});

test('the pool of a service is one of these', async () => {
  const database = { host: '127.0.0.1', port, name: 'uji', user: 'uji', password: 'uji', poolSize: 1 };
  const source = new DataSource(dataSourceOptions('uji', 'uji', database, []));
  await expect(source.initialize()).rejects.toThrow();
  expect(poolOf(source)).toBeInstanceOf(ServicePool);
});
