import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { LetterNumbering, type NewLetter, type ReportActor } from '#contracts';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { textOf } from './docx-fixture.js';
import { everybody, exampleLetters, makeOfficial, nikOf } from './letter-fixture.js';
import { LetterRepository } from './letter.repository.js';
import { Letters } from './letters.js';
import { RegisterReader } from './register-reader.js';

let database: TestDatabase;
let pool: pg.Pool;
let repository: LetterRepository;
let letters: Letters;
const owners = new OwnersOfTest();

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-11-23T03:00:00Z' });
  pool = database.pool('reporting', { max: 10 });
  repository = new LetterRepository(pool);
  letters = new Letters(repository, new RegisterReader(owners.bus));
});
afterAll(() => database.drop());

const soon = () => ({ deadlineAt: performance.now() + 20_000 });
function makeActor(): ReportActor {
  const institutionId = owners.addOffice();
  owners.office(institutionId).register.people = everybody;
  return { institutionId, operatorId: randomUUID(), name: 'Camat CONTOH', role: 'camat' };
}
const make = (actor: ReportActor, letter: NewLetter = exampleLetters.SPTJM_FORM) => letters.make(actor, letter, soon());

async function openDuty(institutionId: string, id: string, kind = 'BREACH_NOTICE'): Promise<void> {
  await pool.query(
    `INSERT INTO reporting.duty (id, institution_id, kind, number, received_at, due_at, recorded_at)
     VALUES ($1, $2, $3, 'KEJADIAN/3/2026', $4, $4::timestamptz + interval '72 hours', $4)`,
    [id, institutionId, kind, '2026-11-20T04:00:00Z'],
  );
}

async function readFile(actor: ReportActor, id: string, officials = [makeOfficial(1), makeOfficial(2)]) {
  const { bytes, last, fileName } = await letters.read(actor.institutionId, id, 0, officials, soon());
  expect(last).toBe(true);
  return { text: textOf(bytes), bytes, fileName };
}

describe('made', () => {
  test('one of each kind: numbered in a row, listed newest first, read back from what stands', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    await openDuty(institutionId, exampleLetters.BREACH_NOTICE.dutyId);
    const made = [];
    for (const letter of Object.values(exampleLetters)) made.push(await make(actor, letter));
    expect(made.map(({ number }) => Number(number.split('/')[1]))).toEqual(made.map((_, n) => n + 1));
    expect(made[0]).toMatchObject({ on: '2026-11-23', number: '470/001/XI/2026', createdBy: actor.operatorId });

    const first = await letters.list(institutionId, 5);
    expect(first.letters).toEqual(made.toReversed().slice(0, 5));
    const rest = await letters.list(institutionId, 5, first.next!);
    expect(rest).toEqual({ letters: made.toReversed().slice(5), next: null });

    for (const { id, kind, number } of made) {
      const { officialIds, ...summary } = await letters.get(institutionId, id);
      expect(summary).toEqual(made.find((one) => one.id === id));
      expect(officialIds).toEqual(kind === 'USER_ID_REQUEST' ? exampleLetters.USER_ID_REQUEST.operatorIds : []);
      const { text, bytes, fileName } = await readFile(actor, id);
      expect(text).toContain(number);
      expect(fileName).toMatch(/^[a-z-]+-\d{3}-\d{3}-XI-2026\.docx$/);
      expect(text.includes(nikOf(1))).toBe(kind === 'USER_ID_REQUEST');
      expect((await readFile(actor, id)).bytes.equals(bytes)).toBe(true);
    }
  });

  test('no NIK of an official is in the database, and nobody changes what went out', async () => {
    const actor = makeActor();
    const { id } = await make(actor, exampleLetters.USER_ID_REQUEST);
    await readFile(actor, id);
    const { rows } = await pool.query<{ kept: string }>('SELECT letter::text AS kept FROM reporting.letter');
    expect(rows.map(({ kept }) => kept).join()).not.toMatch(/3398014107909\d{3}/);
    for (const statement of [
      'UPDATE reporting.letter SET number = $1',
      'DELETE FROM reporting.letter WHERE number = $1',
    ])
      await expect(pool.query(statement, ['x'])).rejects.toThrow(/permission denied/);
    await expect(pool.query('DELETE FROM reporting.letter_counter')).rejects.toThrow(/permission denied/);
  });

  test('a technical study tells the figures of the day on which it was made', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    for (let n = 0; n < 3; n += 1) owners.addLookUp(institutionId, '2026-03-02T03:00:00.000Z');
    const { id } = await make(actor, exampleLetters.QUOTA_REQUEST);
    const { text } = await readFile(actor, id);
    expect(text).toContain('Terpakai | : | 3 dari');
    owners.addLookUp(institutionId, '2026-03-02T04:00:00.000Z');
    expect((await readFile(actor, id)).text).toBe(text);
    owners.office(institutionId).log.length = 2;
    await expect(readFile(actor, id)).rejects.toMatchObject({ code: 'EVIDENCE_UNAVAILABLE' });
  });

  test('another office has none of it', async () => {
    const { id } = await make(makeActor());
    const { institutionId } = makeActor();
    await expect(letters.get(institutionId, id)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    await expect(letters.read(institutionId, id, 0, [], soon())).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(await letters.list(institutionId, 10)).toEqual({ letters: [], next: null });
  });
});

describe('refused, and nothing is numbered', () => {
  const { OFFICE_HOLDER_CHANGE: change, QUOTA_REQUEST: quota, BREACH_NOTICE: breach } = exampleLetters;
  const nobody = randomUUID();
  test.each<[string, NewLetter, string]>([
    ['an official of nobody', { kind: 'USER_ID_REQUEST', operatorIds: [nobody] }, 'RESOURCE_NOT_FOUND'],
    ['an operator of nobody', { kind: 'NDA_FORM', operatorId: nobody }, 'RESOURCE_NOT_FOUND'],
    ['an unknown office-holder', { ...change, comingId: nobody }, 'RESOURCE_NOT_FOUND'],
    ['an unknown SAM', { kind: 'SAM_CONFIGURATION_RETURN', samIds: [nobody] }, 'RESOURCE_NOT_FOUND'],
    ['a breach that is not on file', breach, 'RESOURCE_NOT_FOUND'],
    ['somebody who follows himself', { ...change, comingId: change.leavingId }, 'REQUEST_INVALID'],
    ['a quota that is there already', { ...quota, wantedQuota: 1_000 }, 'REQUEST_INVALID'],
    ['a period that ends before it begins', { ...quota, until: '2025-12-31' }, 'REQUEST_INVALID'],
    ['a period to come', { ...quota, from: '2026-11-24', until: '2026-12-01' }, 'REQUEST_INVALID'],
    ['a date of another age', { ...exampleLetters.SPTJM_FORM, on: '2024-01-01' }, 'REQUEST_INVALID'],
  ])('%s', async (_, letter, code) => {
    const actor = makeActor();
    await expect(make(actor, letter)).rejects.toMatchObject({
      code,
      extras: { issues: [{ message: expect.any(String) }] },
    });
    expect((await make(actor)).number).toBe('470/001/XI/2026');
  });

  test('a duty of another kind or office is no breach; one that happened tomorrow is none', async () => {
    const [actor, other] = [makeActor(), makeActor()];
    const [trail, theirs, own] = [randomUUID(), randomUUID(), randomUUID()];
    await openDuty(actor.institutionId, trail, 'PERSON_TRAIL');
    await openDuty(other.institutionId, theirs);
    await openDuty(actor.institutionId, own);
    for (const dutyId of [trail, theirs])
      await expect(make(actor, { ...breach, dutyId })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    const tomorrow = { ...breach, dutyId: own, happenedAt: '2026-11-24T00:00:00+07:00' };
    await expect(make(actor, tomorrow)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(make(actor, { ...breach, dutyId: own })).resolves.toMatchObject({ kind: 'BREACH_NOTICE' });
  });

  test('an office that the gateway does not know', async () => {
    const actor = { ...makeActor(), institutionId: randomUUID() };
    await expect(make(actor)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });
});

describe('numbered', () => {
  test('20 makers at once over the end of a year: each year from one, without a gap, none twice', async () => {
    const actor = makeActor();
    const days = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? '2026-12-31' : '2027-01-01'));
    const made = await Promise.all(days.map((on) => make(actor, { kind: 'SPTJM_FORM', on })));
    const ofYear = (year: string) => made.filter(({ on }) => on.startsWith(year)).map(({ number }) => number);
    const row = (roman: string, year: string) =>
      Array.from({ length: 10 }, (_, n) => `470/${String(n + 1).padStart(3, '0')}/${roman}/${year}`);
    expect(ofYear('2026').sort()).toEqual(row('XII', '2026'));
    expect(ofYear('2027').sort()).toEqual(row('I', '2027'));
  });

  test('a maker that is lost between the number and the letter leaves no gap', async () => {
    const actor = makeActor();
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO reporting.letter_counter (institution_id, year, last) VALUES ($1, 2026, 1)', [
      actor.institutionId,
    ]);
    const waiting = make(actor);
    client.release(true);
    expect((await waiting).number).toBe('470/001/XI/2026');
  });

  test('by the pattern that is configured; what it was before stays', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    expect(await repository.numbering(institutionId)).toEqual(LetterNumbering.parse({}));
    const before = await make(actor);
    const numbering = LetterNumbering.parse({
      pattern: 'KEC/{nomor}/{kode}/{tahun}',
      codes: { SPTJM_FORM: '400.12' },
      letterhead: { place: 'Kota Uji' },
    });
    expect(await repository.configure(institutionId, numbering, actor.operatorId)).toEqual(numbering);
    expect(await repository.numbering(institutionId)).toEqual(numbering);
    const after = await make(actor);
    expect([before.number, after.number]).toEqual(['470/001/XI/2026', 'KEC/2/400.12/2026']);
    expect((await readFile(actor, after.id)).text).toContain('Kota Uji, 23 November 2026');
    expect(await repository.numbering(makeActor().institutionId)).toEqual(LetterNumbering.parse({}));
  });

  test('a changed pattern that gives a number again is a conflict, and the number is not lost', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    await repository.configure(institutionId, LetterNumbering.parse({ pattern: '{nomor}/2/{tahun}' }), null);
    expect((await make(actor)).number).toBe('1/2/2026');
    await repository.configure(institutionId, LetterNumbering.parse({ pattern: '1/{nomor}/{tahun}' }), null);
    await expect(make(actor)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await repository.configure(institutionId, LetterNumbering.parse({ pattern: '{nomor}/{tahun}' }), null);
    expect((await make(actor)).number).toBe('2/2026');
  });
});
