import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { roles, type OperatorRecord, type Role } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { ActsFixture, atTheMachine, refusal, sha256, today, type Row } from './acts-fixture.js';
import * as acts from './operator-acts.js';

let office: ActsFixture;
let made: ReturnType<typeof acts.makeOperatorActs>;

beforeAll(async () => {
  office = await ActsFixture.create(await TestDatabase.create());
  made = acts.makeOperatorActs(office.sealing);
});
afterAll(() => office.drop());

const why = 'Melanggar NDA';
const homeOf = (role: Role) => (role === 'evaluator' ? office.disdukcapil : office.kecamatan);

/** Every role on every role of the kecamatan; an evaluator there as a seed may have made one. */
const everybody = roles.flatMap((by) => roles.map((whom): [Role, Role] => [by, whom]));

async function somebody(by: Role, whom: Role) {
  const actor = await office.actor(by);
  // an evaluator sees the kecamatan too; colleagues of the Disdukcapil are at home
  const at = by === 'evaluator' ? homeOf(whom) : office.kecamatan;
  return { actor, at, operatorId: await office.person({ role: whom, institutionId: at }) };
}

describe('revoke', () => {
  const allowed = ['admin operator', 'admin admin', 'camat operator', 'camat admin', 'camat camat'];
  test.each(everybody)('%s revokes %s', async (by, whom) => {
    const { actor, at, operatorId } = await somebody(by, whom);
    const expected = by === 'evaluator' || allowed.includes(`${by} ${whom}`) ? 'done' : 'ROLE_NOT_ALLOWED';
    expect(await refusal(office.perform(acts.revokeOperator, { operatorId, why }, { actor, at }))).toBe(expected);
    expect(await office.openSessions(operatorId)).toBe(expected === 'done' ? 0 : 1);
  });

  test('is on record with its reason, and happens once, never to oneself', async () => {
    const actor = await office.actor('admin');
    const operatorId = await office.person();
    const detail = await office.perform(acts.revokeOperator, { operatorId, why }, { actor });
    expect(detail).toMatchObject({ state: 'revoked', revocationReason: why });
    expect(await office.event(operatorId)).toMatchObject({ act: 'operator.revoke', after: { sessionsEnded: 1 } });
    const again = office.perform(acts.revokeOperator, { operatorId, why }, { actor });
    expect(await refusal(again)).toBe('STATE_CONFLICT operatorId');
    const oneself = office.perform(acts.revokeOperator, { operatorId: actor.operatorId, why }, { actor });
    expect(await refusal(oneself)).toBe('STATE_CONFLICT operatorId');
  });
});

describe('issue-activation-code', () => {
  const allowed = ['admin operator', 'camat admin', 'evaluator admin', 'evaluator camat', 'evaluator evaluator'];
  test.each(everybody)('%s for %s', async (by, whom) => {
    const { actor, at, operatorId } = await somebody(by, whom);
    expect(await refusal(office.perform(acts.issueActivationCode, { operatorId }, { actor, at }))).toBe(
      allowed.includes(`${by} ${whom}`) ? 'done' : 'ROLE_NOT_ALLOWED',
    );
  });

  test('never for oneself, and at the machine for anybody', async () => {
    const actor = await office.actor('evaluator');
    const input = { operatorId: actor.operatorId };
    const at = office.disdukcapil;
    expect(await refusal(office.perform(acts.issueActivationCode, input, { actor, at }))).toBe(
      'SECOND_PERSON_REQUIRED',
    );
    expect(await refusal(office.perform(acts.issueActivationCode, input, { actor: atTheMachine, at }))).toBe('done');
  });

  test.each<[string, Row]>([
    ['left', { until: '2026-06-14' }],
    ['was revoked', { revoked: true }],
  ])('not for somebody who %s', async (_what, row) => {
    const operatorId = await office.person(row);
    expect(await refusal(office.perform(acts.issueActivationCode, { operatorId }))).toBe('STATE_CONFLICT operatorId');
  });

  test('keeps the log-in name; the code is on no record', async () => {
    const operatorId = await office.person();
    const code = await office.perform(acts.issueActivationCode, { operatorId });
    const [account] = await office.sql<{ username: string }>(
      'SELECT username FROM access.account WHERE operator_id = $1',
      [operatorId],
    );
    expect(code).toMatchObject({ username: account?.username, expiresAt: '2026-06-22T02:00:00.000Z' });
    expect(await office.event(operatorId)).toEqual({
      act: 'operator.issue-activation-code',
      before: null,
      after: { username: account?.username, expiresAt: code.expiresAt },
    });
  });

  test('makes an account for somebody who has none', async () => {
    const operatorId = await office.person();
    await office.sql('DELETE FROM access.account WHERE operator_id = $1', [operatorId]);
    await office.sql("UPDATE access.operator SET user_id_lokal = 'Tanpa.Akun' WHERE id = $1", [operatorId]);
    expect((await office.perform(acts.issueActivationCode, { operatorId })).username).toBe('tanpa.akun');
  });
});

describe('change-office-holder', () => {
  const record = (change: Partial<OperatorRecord> = {}): OperatorRecord => ({
    userIdLokal: office.name(),
    role: 'camat',
    fullName: 'Camat Baru',
    activeFrom: '2020-01-01',
    ...change,
  });
  const letter = { letterNumber: '800/12', letterDate: '2026-06-10', documentSha256: sha256 };

  test.each<[string, string, object, number]>([
    ['later', '2026-07-01', { state: 'active', activeUntil: '2026-06-30', revocationReason: null }, 1],
    ['today', today, { state: 'revoked', activeUntil: today, revocationReason: 'Pergantian pejabat, surat 800/12' }, 0],
    ['earlier', '2026-06-01', { state: 'revoked', activeUntil: today }, 0],
  ])('%s', async (_what, from, expected, sessions) => {
    const leaver = await office.person({ role: 'camat' });
    const changed = await office.perform(made.changeOfficeHolder, { leaver, successor: record(), from, ...letter });
    expect(changed.leaver).toMatchObject({ id: leaver, ...expected });
    expect(changed.successor).toMatchObject({ role: 'camat', activeFrom: from, nda: null });
    expect(await office.openSessions(leaver)).toBe(sessions);
    expect(await office.event(leaver)).toEqual({
      act: 'operator.change-office-holder',
      before: { leaver, activeUntil: null },
      after: { leaver, successor: changed.successor.id, from, ...letter },
    });
  });

  test('a last day that comes earlier stays', async () => {
    const leaver = await office.person({ role: 'camat', until: '2026-06-20' });
    const change = { leaver, successor: record(), from: '2026-07-01', ...letter };
    const changed = await office.perform(made.changeOfficeHolder, change);
    expect(changed.leaver.activeUntil).toBe('2026-06-20');
  });

  test('an admin hands the own office over', async () => {
    const actor = await office.actor('admin');
    const change = { leaver: actor.operatorId, successor: record({ role: 'admin' }), from: today, ...letter };
    expect(await refusal(office.perform(made.changeOfficeHolder, change, { actor }))).toBe('done');
  });

  test.each<[string, Row, Partial<OperatorRecord>, object, string]>([
    ['another role', {}, { role: 'admin' }, {}, 'REQUEST_INVALID successor.role'],
    ['a letter of tomorrow', {}, {}, { letterDate: '2026-06-16' }, 'REQUEST_INVALID letterDate'],
    ['over before it begins', {}, { activeUntil: '2026-06-14' }, {}, 'REQUEST_INVALID successor.activeUntil'],
    ['the leaver has yet to begin', { from: '2026-06-20' }, {}, {}, 'REQUEST_INVALID from'],
    ['the leaver left', { until: '2026-06-14' }, {}, {}, 'STATE_CONFLICT leaver'],
    ['the leaver was revoked', { revoked: true }, {}, {}, 'STATE_CONFLICT leaver'],
    [
      'an NDA of tomorrow',
      {},
      { nda: { number: 'NDA', signedOn: '2026-06-16', documentSha256: sha256 } },
      {},
      'REQUEST_INVALID successor.nda.signedOn',
    ],
  ])('refused: %s', async (_what, row, change, other, expected) => {
    const leaver = await office.person({ role: 'camat', ...row });
    const input = { leaver, successor: record(change), from: today, ...letter, ...other };
    expect(await refusal(office.perform(made.changeOfficeHolder, input))).toBe(expected);
    expect(await office.openSessions(leaver)).toBe(1);
  });
});
