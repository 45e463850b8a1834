import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Log } from '#service';
import { allowBodyTime, limitBodyTime } from './body-time.js';
import { answersBeforeRouting } from './before-routing.js';

const ms = 150;
let server: FastifyInstance;
let port: number;

beforeEach(async () => {
  const options = answersBeforeRouting(Log.create('uji', 'error')) as object;
  server = new FastifyAdapter(options).getInstance();
  limitBodyTime(server, ms);
  server.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  server.post('/others', async () => 'taken');
  server.post('/upload', async (request) => {
    allowBodyTime(request, 20 * ms);
    return text(request.body as never);
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.server.address() as AddressInfo);
});
afterEach(() => server.close());

/** Sends a byte of the body again and again, and reads whatever is answered until the connection ends. */
async function drip(path: string, type: string, bytes: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${bytes}\r\n\r\n`,
  );
  let sent = 0;
  const timer = setInterval(() => sent++ < bytes && socket.write('1'), ms / 10);
  socket.on('error', () => undefined);
  try {
    return await text(socket).catch(() => 'reset');
  } finally {
    clearInterval(timer);
    socket.destroy();
  }
}

test('a body that comes drop by drop is cut off', async () => {
  const answer = await drip('/others', 'application/json', 1_000);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('REQUEST_MALFORMED');
});

test('one that gets there in time is not', async () => {
  expect(await drip('/others', 'application/json', 3)).toMatch(/^HTTP\/1\.1 200 /);
});

test('a route may allow more, for itself alone', async () => {
  const answer = await drip('/upload', 'text/csv', 20);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer.endsWith('1'.repeat(20))).toBe(true);
});

test('a connection that is kept is not cut off after its body has come', async () => {
  for (let times = 0; times < 3; times++) {
    const answer = await fetch(`http://127.0.0.1:${port}/others`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '1',
    });
    expect(await answer.text()).toBe('taken');
    await new Promise((resolve) => setTimeout(resolve, ms * 1.2));
  }
});
