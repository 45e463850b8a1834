import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { AdminEventPage, listAdminEvents } from '#contracts';
import { contentHashOf, type Particulars } from './particulars.js';

const salt = Buffer.alloc(32, 7);
const event: Particulars = {
  act: 'client.update',
  actorKind: 'person',
  actorRole: 'admin',
  before: { burst: null },
  after: { name: 'Aplikasi “Uji”', burst: { perSecond: 0.5, size: 3 }, networks: ['10.0.0.0/8'] },
  proposalId: null,
  reason: 'Uji',
  subjectType: 'client',
};

const sha256 = (text: string): string => createHash('sha256').update(salt).update(text).digest('hex');

test('keys are sorted, nothing is left out, and a fraction is a text', () => {
  expect(contentHashOf({ salt, ...event })).toBe(
    sha256(
      '{"act":"client.update","actorKind":"person","actorRole":"admin","after":{"burst":{"perSecond":"0.5","size":3},' +
        '"name":"Aplikasi “Uji”","networks":["10.0.0.0/8"]},"before":{"burst":null},"proposalId":null,"reason":"Uji","subjectType":"client"}',
    ),
  );
});

test.each([1e21, 2 ** 53, -0.1, 1e-7])('%d can be hashed', (number) => {
  const hash = contentHashOf({ salt, ...event, after: { number } });
  expect(hash).toBe(contentHashOf({ salt, ...event, after: { number: String(number) } }));
});

test.each(Object.keys(event) as (keyof Particulars)[])('another %s is another hash', (key) => {
  const changed = { ...event, [key]: key === 'after' || key === 'before' ? { x: 1 } : 'x' };
  expect(contentHashOf({ salt, ...changed })).not.toBe(contentHashOf({ salt, ...event }));
});

test('what is in the leaf by itself does not count', () => {
  expect(contentHashOf({ salt, ...event, ...{ id: 'x', at: 'y', actorId: 'z' } })).toBe(
    contentHashOf({ salt, ...event }),
  );
});

test('the example of the documentation is a true one', () => {
  const [shown] = AdminEventPage.parse(Object.values(listAdminEvents.response.examples)[0]).events;
  if (!shown) throw new Error('there is an example');
  const { act, actor, after, before, proposalId, reason, subject, evidence } = shown;
  const found = contentHashOf({
    salt: Buffer.from(evidence.salt, 'base64'),
    ...{ act, actorKind: actor.kind, actorRole: actor.role, after, before, proposalId, reason },
    subjectType: subject.type,
  });
  expect(evidence.contentHash).toBe(found);
});
