import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  countPatterns,
  drawSample,
  findPatterns,
  getCoverage,
  getFigures,
  getLiveFigures,
  getRegister,
  getStanding,
  listObligations,
  listPeople,
  listSamples,
  listUndelivered,
  makeLetter,
  oversee,
  PatternParameters,
  readLetter,
  sampleLookUps,
  type ReportActor,
  type RpcInput,
  type SampleRequest,
} from '#contracts';
import { isIn, jakartaDay, SampleDraw } from '#report';
import { AppError } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { OwnersOfTest } from '../facts/owners-fixture.js';
import { textOf } from '../letters/docx-fixture.js';
import { ReportingOnBus } from '../../../../test/support/reporting-on-bus.js';

const owners = new OwnersOfTest();
let database: TestDatabase;
let reporting: ReportingOnBus;
const openLookUps = new Map<string, string[]>();

/** What the stand-in of the facts does not know. */
const more: Record<string, (input: never) => unknown> = {
  [countPatterns.subject]: ({ parameters }: RpcInput<typeof countPatterns>) => ({
    patterns: [
      {
        name: 'OUT_OF_HOURS',
        explanation: 'Di luar jam kerja.',
        parameters: { opensAt: parameters.opensAt },
        total: 1,
        byOperator: [{ operatorId: null, count: 1 }],
        examples: [],
      },
    ],
  }),
  [sampleLookUps.subject]: ({ institutionId, seed, size, asOf, ...period }: RpcInput<typeof sampleLookUps>) => {
    const { log } = owners.office(institutionId);
    const leaves = asOf?.size ?? log.length;
    if (leaves > log.length) throw new AppError('NOT_IN_CHECKPOINT');
    const asked = log
      .slice(0, leaves)
      .flatMap((entry) => (entry.kind === 'LOOK_UP' && isIn(period, jakartaDay(entry.at)) ? [entry] : []));
    const draw = new SampleDraw(seed, size);
    for (const { id } of asked) draw.add(id);
    const lookUps = draw.ids.map((verificationId) => ({
      verificationId,
      at: asked.find(({ id }) => id === verificationId)!.at,
      operatorId: null,
      service: 'SKU',
      reference: '500/1',
      mode: 'LOOKUP',
      outcome: 'FOUND',
    }));
    return { asOf: { origin: `uji.invalid/${institutionId}/1`, size: leaves }, population: draw.population, lookUps };
  },
  [getCoverage.subject]: ({ institutionId, from }: RpcInput<typeof getCoverage>) => {
    const days = (openLookUps.get(institutionId) ?? []).filter((at) => at.startsWith(from));
    const counts = { lookUps: days.length, sent: 0, accepted: 0, owed: days.length, overdue: 0 };
    const open = days.map((at) => ({
      verificationId: randomUUID(),
      at,
      operatorId: null,
      service: 'SKU',
      reference: '500/1',
      overdue: false,
    }));
    const operators = [{ operatorId: null, ...counts }];
    return { overdueAfterDays: 14, total: counts, months: [{ month: from, ...counts, operators }], open };
  },
};
const answer = async (subject: string, input: unknown): Promise<unknown> => {
  const known = more[subject];
  return known ? known(input as never) : owners.answer(subject, input);
};

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.setReportingClock({ at: '2026-06-25T02:00:00Z' });
  const messages = {
    access: [getRegister, listPeople],
    verification: [getFigures, countPatterns, sampleLookUps, getStanding],
    balikan: [getCoverage, listUndelivered],
  };
  reporting = await ReportingOnBus.start(database, messages, answer);
});
afterAll(async () => {
  await reporting.stop();
  await database.drop();
});

const period = { from: '2026-05-01', until: '2026-06-20' };
const makeActor = (institutionId: string = owners.addOffice()): ReportActor => ({
  institutionId,
  operatorId: randomUUID(),
  name: 'Evaluator CONTOH',
  role: 'evaluator',
});

test('live figures are those of the log, with the checkpoint that they are as of', async () => {
  const actor = makeActor();
  for (let day = 10; day < 15; day += 1) owners.addLookUp(actor.institutionId, `2026-05-${day}T03:00:00.000Z`);
  owners.addLookUp(actor.institutionId, '2026-06-20T17:00:00.000Z');
  const figures = await reporting.ask(getLiveFigures, { actor, period });
  expect(figures).toMatchObject({
    institutionId: actor.institutionId,
    ...period,
    at: owners.now,
    origin: `uji.invalid/${actor.institutionId}/1`,
    size: 6,
    lookUps: { total: { hits: 5 } },
  });
  owners.failing.set(actor.institutionId, 'EVIDENCE_ROLLED_BACK');
  await expect(reporting.ask(getLiveFigures, { actor, period })).rejects.toMatchObject({
    code: 'EVIDENCE_ROLLED_BACK',
  });
});

describe('patterns', () => {
  const request = (institutionId: string, of = period) => ({
    institutionId,
    ...of,
    parameters: PatternParameters.parse({}),
  });

  test('those of the evidence, and look-ups without data balikan as the fifth', async () => {
    const actor = makeActor();
    const { institutionId } = actor;
    openLookUps.set(institutionId, [
      '2026-05-05T03:00:00.000Z',
      '2026-06-10T03:00:00.000Z',
      '2026-06-11T03:00:00.000Z',
    ]);
    const found = await reporting.ask(findPatterns, { actor, request: request(institutionId) });
    expect(found).toMatchObject({ institutionId, ...period, at: '2026-06-25T02:00:00.000Z' });
    expect(found.patterns.map(({ name, total }) => [name, total])).toEqual([
      ['OUT_OF_HOURS', 1],
      // of 25 June, 10 June is the last day that 14 days have gone by
      ['WITHOUT_DATA_BALIKAN', 2],
    ]);
  });

  test('of another office than the gateway let in, or of days that run backwards, none', async () => {
    const actor = makeActor();
    const ask = (asked: ReturnType<typeof request>) => reporting.ask(findPatterns, { actor, request: asked });
    await expect(ask(request(owners.addOffice()))).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    const backwards = { from: period.until, until: period.from };
    await expect(ask(request(actor.institutionId, backwards))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a sample', () => {
  const drawn = (actor: ReportActor, asked: Partial<SampleRequest> = {}) =>
    reporting.ask(drawSample, { actor, request: { institutionId: actor.institutionId, ...period, size: 5, ...asked } });
  const office = (): ReportActor => {
    const actor = makeActor();
    for (let n = 0; n < 40; n += 1) owners.addLookUp(actor.institutionId, '2026-05-11T03:00:00.000Z');
    return actor;
  };

  test('is on record with its seed and checkpoint, from which the same is drawn again, whatever came since', async () => {
    const actor = office();
    const first = await drawn(actor);
    expect(first).toMatchObject({
      population: 40,
      size: 5,
      drawnBy: actor.operatorId,
      drawnAt: '2026-06-25T02:00:00.000Z',
    });
    expect(first.seed).toMatch(/^[0-9a-f]{32}$/);
    expect(first.lookUps).toHaveLength(5);
    const { lookUps, ...onRecord } = first;
    expect(await reporting.ask(listSamples, { actor })).toEqual({ samples: [onRecord] });

    owners.addLookUp(actor.institutionId, '2026-05-12T03:00:00.000Z');
    const again = await drawn(actor, { seed: first.seed, asOf: first.asOf });
    expect(again).toMatchObject({ lookUps, population: 40, asOf: first.asOf });
    expect((await drawn(actor, { seed: first.seed })).population).toBe(41);
    const other = await drawn(actor);
    expect(other.seed).not.toBe(first.seed);
    expect(other.lookUps).not.toEqual(lookUps);

    const { samples } = await reporting.ask(listSamples, { actor });
    expect(samples).toHaveLength(4);
    expect(samples.at(-1)).toEqual(onRecord);
    expect(await reporting.ask(listSamples, { actor: office() })).toEqual({ samples: [] });
  });

  test('that was drawn is not changed or deleted by the service', async () => {
    const actor = office();
    const { id } = await drawn(actor);
    const pool = database.pool('reporting');
    for (const statement of [
      'UPDATE reporting.sample SET seed = seed WHERE id = $1',
      'DELETE FROM reporting.sample WHERE id = $1',
    ])
      await expect(pool.query(statement, [id])).rejects.toThrow(/permission denied/);
  });

  test('of a checkpoint that the log has not reached, or another office, is none, and leaves no record', async () => {
    const actor = office();
    const asOf = { origin: `uji.invalid/${actor.institutionId}/1`, size: 1_000 };
    await expect(drawn(actor, { asOf })).rejects.toMatchObject({ code: 'NOT_IN_CHECKPOINT' });
    await expect(drawn(actor, { institutionId: owners.addOffice() })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    await expect(drawn(actor, { seed: 'mine' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await reporting.ask(listSamples, { actor })).toEqual({ samples: [] });
  });
});

test('the offices of the kabupaten: each as its own cockpit says, one that is not known as nothing', async () => {
  const [actor, unknown] = [makeActor(), randomUUID()];
  const ids = [actor.institutionId, unknown, owners.addOffice()];
  const offices = ids.map((institutionId, n) => ({
    institutionId,
    name: `Kecamatan Uji ${n}`,
    regionCode: '33.98.01',
  }));
  const seen = await reporting.ask(oversee, { offices });
  expect(seen.offices.map(({ institutionId }) => institutionId)).toEqual(ids);
  expect(seen.offices[1]).toMatchObject({ worst: null, counts: {}, lastReport: null });
  const cockpit = await reporting.ask(listObligations, { actor });
  const counted = Object.values(seen.offices[0]!.counts).reduce((sum, count) => sum + count, 0);
  expect(seen.offices[0]).toMatchObject({ ...offices[0], worst: cockpit.worst, lastReport: null });
  expect(counted).toBe(cockpit.obligations.length);
  expect(counted).toBeGreaterThan(5);
});

test('a letter is made and read over the bus', async () => {
  const actor = makeActor();
  const letter = { kind: 'SPTJM_FORM' as const };
  const { id, number } = await reporting.ask(makeLetter, { actor, letter });
  const { bytes, last } = await reporting.ask(readLetter, { actor, id, n: 0, officials: [] });
  expect(last).toBe(true);
  expect(textOf(Buffer.from(bytes, 'base64'))).toContain(`Nomor: ${number}`);
  await expect(reporting.ask(readLetter, { actor, id, n: 1, officials: [] })).rejects.toMatchObject({
    code: 'RESOURCE_NOT_FOUND',
  });
});
