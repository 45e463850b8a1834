import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledgeRollback } from '#contracts';
import { AppError } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture, atTheMachine, refusal } from '../operators/acts-fixture.js';
import { makeEvidenceActs } from './evidence-acts.js';

const gap = {
  fault: 'ROLLED_BACK',
  previousOrigin: 'uji/x/1',
  origin: 'uji/x/2',
  keptSize: 20,
  lostEvents: 3,
} as const;

let fixture: ActsFixture;
let answer: () => Promise<unknown>;
let asked: unknown[];
const bus = {
  call: async (rpc: unknown, input: unknown) => {
    asked.push([rpc, input]);
    return answer();
  },
} as never;
const { acknowledgeRollback: act } = makeEvidenceActs(bus);
const input = { why: 'Dipulihkan dari cadangan' };

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
});
afterAll(() => fixture.drop());
beforeEach(() => {
  asked = [];
  answer = () => Promise.resolve(gap);
});

const events = () => fixture.sql("SELECT act, actor_id, after FROM access.admin_event WHERE subject_type = 'evidence'");

describe('evidence.acknowledge-rollback', () => {
  test('names who says so and why, and keeps what it learned on record', async () => {
    const actor = await fixture.actor('admin');
    expect(await fixture.perform(act, input, { actor })).toEqual(gap);
    expect(asked).toEqual([
      [
        acknowledgeRollback,
        { institutionId: fixture.kecamatan, acknowledgedBy: actor.operatorId, reason: 'Dipulihkan dari cadangan' },
      ],
    ]);
    expect(await fixture.event(fixture.kecamatan)).toEqual({ act: act.name, before: null, after: gap });
  });

  test('names nobody at the machine itself', async () => {
    await fixture.perform(act, input, { actor: atTheMachine });
    expect(asked).toEqual([[acknowledgeRollback, expect.objectContaining({ acknowledgedBy: null })]]);
  });

  test('is no event where there is no gap', async () => {
    const before = await events();
    answer = () => Promise.reject(new AppError('STATE_CONFLICT'));
    expect(await refusal(fixture.perform(act, input))).toBe('STATE_CONFLICT');
    expect(await events()).toEqual(before);
  });

  test('is on record when nobody knows how it ended', async () => {
    answer = () => Promise.reject(new AppError('SERVICE_TIMEOUT'));
    expect(await refusal(fixture.perform(act, input))).toBe('SERVICE_TIMEOUT');
    expect(await fixture.event(fixture.kecamatan)).toMatchObject({
      act: act.name,
      after: { failed: 'SERVICE_TIMEOUT' },
    });
  });
});
