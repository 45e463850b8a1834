import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NewOperator, OperatorRecord, Role } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Administration } from '../administration/administration.service.js';
import { ActsFixture, atTheMachine, refusal, sha256, today, type Row } from './acts-fixture.js';
import * as acts from './operator-acts.js';
import { listOperatorDetails } from './operator-detail.js';

let office: ActsFixture;
let made: ReturnType<typeof acts.makeOperatorActs>;

beforeAll(async () => {
  office = await ActsFixture.create(await TestDatabase.create());
  made = acts.makeOperatorActs(office.sealing);
});
afterAll(() => office.drop());

const signed = (signedOn: string) => ({ number: 'NDA/2', signedOn, documentSha256: sha256 });
const tomorrow = '2026-06-16';
const nik = '3398014107900001';

const newcomer = (change: Partial<OperatorRecord> = {}): Omit<NewOperator, 'reason'> => ({
  operator: { userIdLokal: office.name(), role: 'operator', fullName: 'Orang Baru', activeFrom: today, ...change },
});

describe('create', () => {
  test('writes person, NDA and account; the NIK is sealed and in no event', async () => {
    const input = newcomer({ userIdLokal: 'Siti.Loket', nik, nda: signed(today), nip: '199001012015011001' });
    const detail = await office.perform(made.createOperator, input);
    expect(detail).toMatchObject({
      state: 'active',
      nikOnFile: true,
      nda: signed(today),
      officeName: null,
      account: { username: 'siti.loket', activated: false, secondFactor: false, activationExpiresAt: null },
    });
    const [row] = await office.sql<{ nik_sealed: Buffer }>('SELECT nik_sealed FROM access.operator WHERE id = $1', [
      detail.id,
    ]);
    expect(await office.sealing.open(row?.nik_sealed ?? Buffer.alloc(0), `nik:${detail.id}`)).toBe(nik);
    expect(await office.event(detail.id)).toMatchObject({ act: 'operator.create', after: { nikOnFile: true } });
    expect(JSON.stringify(await office.sql('SELECT * FROM access.admin_event'))).not.toContain(nik);
  });

  test.each<[string, Partial<OperatorRecord>, 'kecamatan' | 'disdukcapil', boolean, string]>([
    ['a camat in a kecamatan', { role: 'camat' }, 'kecamatan', false, 'done'],
    ['an evaluator in a kecamatan', { role: 'evaluator' }, 'kecamatan', false, 'REQUEST_INVALID operator.role'],
    ['the same at the machine', { role: 'evaluator' }, 'kecamatan', true, 'done'],
    ['an evaluator in a Disdukcapil', { role: 'evaluator' }, 'disdukcapil', true, 'done'],
    ['a camat in a Disdukcapil', { role: 'camat' }, 'disdukcapil', true, 'REQUEST_INVALID operator.role'],
    ['an NDA of tomorrow', { nda: signed(tomorrow) }, 'kecamatan', false, 'REQUEST_INVALID operator.nda.signedOn'],
    ['the same at the machine', { nda: signed(tomorrow) }, 'kecamatan', true, 'done'],
  ])('%s', async (_what, change, where, machine, expected) => {
    const actor = machine ? atTheMachine : await office.actor('admin');
    const work = office.perform(made.createOperator, newcomer(change), { actor, at: office[where] });
    expect(await refusal(work)).toBe(expected);
  });

  test('names are of one person: the User ID lokal in the office, the log-in name everywhere', async () => {
    const userIdLokal = 'Ganda';
    await office.perform(made.createOperator, newcomer({ userIdLokal }));
    expect(await refusal(office.perform(made.createOperator, newcomer({ userIdLokal })))).toBe(
      'ALREADY_EXISTS operator.userIdLokal',
    );
    expect(await refusal(office.perform(made.createOperator, newcomer({ username: 'GANDA' })))).toBe(
      'ALREADY_EXISTS operator.username',
    );
    const away = { actor: atTheMachine, at: office.neighbour };
    const other = await office.perform(made.createOperator, newcomer({ userIdLokal }), away);
    expect(other.account?.username).toBe('ganda.33.98.02');
  });
});

describe('update', () => {
  test('replaces what is named; the record holds only what changed', async () => {
    const id = await office.person({ until: '2026-12-31' });
    const workingHours = { days: [1, 2], from: '07:00', until: '16:00' };
    await office.perform(acts.updateOperator, { operatorId: id, workingHours });
    const change = { operatorId: id, fullName: 'Orang Uji', workUnit: 'Loket', workingHours: null, activeUntil: null };
    const detail = await office.perform(acts.updateOperator, change);
    expect(detail).toMatchObject({ workUnit: 'Loket', workingHours: null, activeUntil: null });
    expect(await office.event(id)).toEqual({
      act: 'operator.update',
      before: { workUnit: null, workingHours, activeUntil: '2026-12-31' },
      after: { workUnit: 'Loket', workingHours: null, activeUntil: null },
    });
  });

  test.each<[string, Row, string | null, string]>([
    ['before the first day', {}, '2025-12-31', 'REQUEST_INVALID activeUntil'],
    ['of somebody who left', { until: '2026-06-14' }, null, 'STATE_CONFLICT activeUntil'],
    ['of somebody who was revoked', { revoked: true }, tomorrow, 'STATE_CONFLICT activeUntil'],
  ])('a last day %s', async (_what, row, activeUntil, expected) => {
    const operatorId = await office.person(row);
    expect(await refusal(office.perform(acts.updateOperator, { operatorId, activeUntil }))).toBe(expected);
  });
});

describe('record-nda', () => {
  test('of several, the latest is shown', async () => {
    const operatorId = await office.person();
    const detail = await office.perform(acts.recordNda, { operatorId, nda: signed(today) });
    expect(detail.nda).toEqual(signed(today));
    const rows = await office.sql('SELECT FROM access.nda WHERE operator_id = $1 AND assignment = 1', [operatorId]);
    expect(rows).toHaveLength(2);
  });

  test.each<[string, Row, string, boolean, string]>([
    ['in the future', {}, tomorrow, false, 'REQUEST_INVALID nda.signedOn'],
    ['in the future, at the machine', {}, tomorrow, true, 'done'],
    ['of somebody who left', { until: '2026-06-14' }, today, false, 'STATE_CONFLICT operatorId'],
    ['of somebody who was revoked', { revoked: true }, today, false, 'STATE_CONFLICT operatorId'],
    ['of somebody who has yet to begin', { from: tomorrow }, today, false, 'done'],
  ])('signed %s', async (_what, row, signedOn, machine, expected) => {
    const operatorId = await office.person(row);
    const actor = machine ? atTheMachine : await office.actor('admin');
    expect(await refusal(office.perform(acts.recordNda, { operatorId, nda: signed(signedOn) }, { actor }))).toBe(
      expected,
    );
  });
});

describe('reactivate', () => {
  test.each<[string, Row]>([
    ['left', { until: '2026-06-14' }],
    ['was revoked', { revoked: true }],
  ])('a new assignment of somebody who %s: NDA and account before count no more', async (_what, row) => {
    const operatorId = await office.person(row);
    await office.sql("INSERT INTO access.recovery_code (operator_id, code_sha256) VALUES ($1, 'x')", [operatorId]);
    const detail = await office.perform(acts.reactivateOperator, { operatorId, activeFrom: today });
    expect(detail).toMatchObject({
      state: 'active',
      assignment: 2,
      activeUntil: null,
      revocationReason: null,
      nda: null,
      account: { activated: false, secondFactor: false, activationExpiresAt: null },
    });
    expect(await office.openSessions(operatorId)).toBe(0);
    expect(await office.sql('SELECT FROM access.recovery_code WHERE operator_id = $1', [operatorId])).toEqual([]);
  });

  test('only of those who are gone, and not backwards', async () => {
    const operatorId = await office.person();
    const again = { operatorId, activeFrom: today };
    expect(await refusal(office.perform(acts.reactivateOperator, again))).toBe('STATE_CONFLICT operatorId');
    const backwards = {
      operatorId: await office.person({ revoked: true }),
      activeFrom: today,
      activeUntil: '2026-06-14',
    };
    expect(await refusal(office.perform(acts.reactivateOperator, backwards))).toBe('REQUEST_INVALID activeUntil');
  });

  test('waits for camat or evaluator, and nothing has changed until then', async () => {
    const operatorId = await office.person({ revoked: true });
    const administration = new Administration(office.source);
    const admin = await office.actor('admin');
    const input = { operatorId, activeFrom: today };
    const proposal = await administration.propose(acts.reactivateOperator, admin, office.kecamatan, input, 'uji');
    expect(proposal).toMatchObject({ act: 'operator.reactivate', approvers: ['camat', 'evaluator'], decision: null });
    const { operators } = await administration.read(admin, office.kecamatan, async (context) => ({
      operators: await listOperatorDetails(context),
    }));
    expect(operators.find(({ id }) => id === operatorId)).toMatchObject({ state: 'revoked', nda: { number: 'NDA/1' } });
  });
});

test('the state is that of today', async () => {
  const rows: [Row, string][] = [
    [{}, 'active'],
    [{ until: today }, 'active'],
    [{ from: tomorrow }, 'not-started'],
    [{ until: '2026-06-14' }, 'ended'],
    [{ until: '2026-06-14', revoked: true }, 'revoked'],
  ];
  for (const [row, state] of rows) {
    const operatorId = await office.person(row);
    expect(await office.perform(acts.endOperatorSessions, { operatorId })).toMatchObject({ state });
    expect(await office.openSessions(operatorId)).toBe(0);
  }
});

test('nobody of another institution is found, nor what is no id', async () => {
  const stranger = await office.person({ institutionId: office.neighbour });
  const role: Role = 'operator';
  for (const operatorId of [stranger, 'bukan-uuid', '00000000-0000-7000-8000-000000000000'])
    for (const work of [
      () => office.perform(acts.updateOperator, { operatorId }),
      () => office.perform(acts.recordNda, { operatorId, nda: signed(today) }),
      () => office.perform(acts.revokeOperator, { operatorId, why: 'uji' }),
      () => office.perform(acts.reactivateOperator, { operatorId, activeFrom: today }),
      () => office.perform(acts.issueActivationCode, { operatorId }),
      () => office.perform(acts.endOperatorSessions, { operatorId }),
      () =>
        office.perform(made.changeOfficeHolder, {
          leaver: operatorId,
          successor: newcomer({ role }).operator,
          from: today,
          letterNumber: '800/1',
          letterDate: today,
          documentSha256: sha256,
        }),
    ])
      expect(await refusal(work())).toBe('RESOURCE_NOT_FOUND');
});
