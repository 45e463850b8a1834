import { expect, test } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { tokenEndpoints } from './token-endpoints.js';

const reached = (socket: object): Pick<FastifyRequest, 'raw'> => ({ raw: { socket } }) as unknown as FastifyRequest;

test.each([
  ['10.1.2.3', 8080, false, ['http://10.1.2.3:8080/oauth/token']],
  ['10.1.2.3', 80, false, ['http://10.1.2.3/oauth/token']],
  ['10.1.2.3', 443, true, ['https://10.1.2.3/oauth/token']],
  ['::ffff:10.1.2.3', 8443, true, ['https://10.1.2.3:8443/oauth/token']],
  ['127.0.0.1', 8080, false, ['http://127.0.0.1:8080/oauth/token', 'http://localhost:8080/oauth/token']],
  ['::1', 8080, false, ['http://[::1]:8080/oauth/token', 'http://localhost:8080/oauth/token']],
  ['fd00::7', 8080, false, ['http://[fd00::7]:8080/oauth/token']],
  [undefined, undefined, false, []],
])('a connection at %s, port %s, TLS %s, is at %j', (localAddress, localPort, encrypted, expected) => {
  expect(tokenEndpoints(reached({ localAddress, localPort, encrypted }), [])).toEqual(expected);
});

test('names of the configuration come along, with or without a slash or path', () => {
  const named = ['https://gerbang.example', 'https://gerbang.example/', 'https://kantor.example/gerbang'];
  expect(tokenEndpoints(reached({}), named)).toEqual([
    'https://gerbang.example/oauth/token',
    'https://gerbang.example/oauth/token',
    'https://kantor.example/gerbang/oauth/token',
  ]);
});
