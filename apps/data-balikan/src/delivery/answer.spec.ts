import { expect, test } from '@jest/globals';
import { readAnswer } from './answer.js';

const json = (message: unknown) => JSON.stringify({ message });

test.each([
  [200, json('Success')],
  [201, json('SUCCESS.')],
  [200, ' {"Message": " success! "} '],
  [200, '[{"message":"Success"}]'],
])('%i %s: delivered', (status, text) => {
  expect(readAnswer(status, text)).toEqual({ delivered: 'SUCCESS' });
});

test.each([
  [400, json('Data sudah pernah dikirim')],
  [200, json('DATA SUDAH PERNAH DIKIRIM!')],
  [409, json('data  sudah-pernah dikirim pada 2026-01-02')],
])('%i %s: the ministry had it before', (status, text) => {
  expect(readAnswer(status, text)).toEqual({ delivered: 'ALREADY_SENT' });
});

test.each([
  ['ACCESS_BROKEN', 401, json('Unauthorized')],
  ['ACCESS_BROKEN', 403, '<html>'],
  ['ACCESS_BROKEN', 401, undefined],
  ['ACCESS_BROKEN', 400, json('Token tidak valid')],
  ['ACCESS_BROKEN', 200, json('Token expired.')],
  ['ACCESS_BROKEN', 200, json('Unauthenticated.')],
  ['ACCESS_BROKEN', 400, json('Access token is missing')],
  ['ACCESS_BROKEN', 400, json('The token could not be parsed')],
  ['ACCESS_BROKEN', 422, json('Bearer token sudah kedaluwarsa')],
  ['ACCESS_BROKEN', 400, json('Invalid or expired token')],
  ['ACCESS_BROKEN', 400, json('No authentication token')],
  ['REFUSED', 400, json('Jenis usaha PULSA DAN TOKEN LISTRIK tidak sesuai')],
  ['REFUSED', 422, json('Invalid nama usaha: TOKEN PLN')],
  ['REFUSED', 400, json('Parameter tidak lengkap')],
  ['REFUSED', 422, json('NIK tidak sesuai')],
  ['UNAVAILABLE', 500, json('Success')],
  ['UNAVAILABLE', 503, ''],
  ['UNAVAILABLE', 429, json('Too many requests')],
  ['UNAVAILABLE', 408, json('x')],
  ['UNAVAILABLE', 200, '\n<!DOCTYPE html><title>Login</title>'],
  ['UNAVAILABLE', 404, '<html></html>'],
  ['UNAVAILABLE', 404, ''],
  ['UNAVAILABLE', 404, json('The route databalikan/api/store could not be found.')],
  ['UNAVAILABLE', 405, json('The POST method is not supported for this route.')],
  ['UNAVAILABLE', 413, json('Payload too large')],
  ['UNAVAILABLE', 415, json('Unsupported media type')],
  ['UNAVAILABLE', 419, json('CSRF token mismatch.')],
  ['REFUSED', 409, json('Nomor register dipakai orang lain')],
  ['UNKNOWN_ANSWER', 302, ''],
  ['UNKNOWN_ANSWER', 200, json('Lain')],
  ['UNKNOWN_ANSWER', 200, json('Successfully rejected')],
  ['UNKNOWN_ANSWER', 400, '{"message":"Succ'],
  ['UNKNOWN_ANSWER', 200, json(1)],
  ['UNKNOWN_ANSWER', 200, 'null'],
  ['UNKNOWN_ANSWER', 200, '[]'],
  ['UNKNOWN_ANSWER', 200, undefined],
  ['UNKNOWN_ANSWER', 302, json('Success')],
] as const)('%s: %i %s', (code, status, text) => {
  expect(readAnswer(status, text)).toEqual({ failed: code });
});
