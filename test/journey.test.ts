import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { purpose, RunningStack, type Office } from './support/running-stack.js';

let stack: RunningStack;
let office: Office;

beforeAll(async () => {
  stack = await RunningStack.start();
  office = await stack.addOffice();
});
afterAll(() => stack.stop());

test('a client gets a token, sees its rights, looks a person up and finds it in the trail', async () => {
  const token = await stack.token(office);
  const rights = await stack.send<{ allowed: boolean; quota: { left: number } }>('GET', '/v1/access-rights', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(rights.body).toMatchObject({ allowed: true, missing: [], quota: { left: 1000 } });

  const answer = await stack.verify(token, { nik: '33.1304-410790 9901', purpose });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    outcome: 'FOUND',
    data: { noKk: '3313041203159902', nik: '3313044107909901', namaLengkap: 'SITI CONTOH', tanggalLahir: '1990-07-01' },
    quota: { limit: 1000, used: 1, left: 999 },
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('ratelimit')).toMatch(/^"hits";r=999;t=\d+$/);

  const trail = await stack.send<{ entries: { id: string }[] }>('GET', '/v1/verifications', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(trail.body.entries).toEqual([
    expect.objectContaining({ id: answer.body.id, kind: 'LOOKUP', hit: 'confirmed', outcome: 'FOUND', purpose }),
  ]);
  expect(trail.text).not.toContain('3313044107909901');
});
