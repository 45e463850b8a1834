import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccessRights, Problem } from '#contracts';
import { expectNoEcho, expectProblem } from '../support/answers.js';
import { bearer, operatorIdOf } from '../support/asking.js';
import {
  addClient,
  addOperator,
  asClient,
  extraClient,
  hitsOf,
  institutionIdOf,
  refusalsOf,
} from '../support/office-parts.js';
import { purpose, RunningStack, type Office } from '../support/running-stack.js';
import { shutGates } from '../support/shut-gates.js';
import { waitFor } from '../support/wait-for.js';

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

describe('the token endpoint', () => {
  const outdated = extraClient('lama');
  const revoked = extraClient('dicabut');
  const elsewhere = extraClient('jaringan-lain');
  let home: Office;
  let neighbour: Office;

  beforeAll(async () => {
    home = await stack.addOffice({
      change: (file) => {
        addClient(file, outdated, { expiresAt: '2026-01-01T00:00:00Z' });
        addClient(file, revoked);
        addClient(file, elsewhere, { networks: ['10.9.0.0/16'] });
      },
    });
    neighbour = await stack.addOffice();
    const id = `${home.client.id}-${revoked.suffix}`;
    await stack.sql('UPDATE access.client SET revoked_at = now() WHERE id = $1', [id]);
  });

  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
  const request = (headers: Record<string, string>, form = '') =>
    stack.send('POST', '/oauth/token', { headers, body: `grant_type=client_credentials${form}` });

  test.each([
    ['a revoked client', revoked, 'CLIENT_REVOKED', 'unauthorized_client'],
    ['an expired client', outdated, 'CLIENT_REVOKED', 'unauthorized_client'],
    ['a client outside its network', elsewhere, 'NETWORK_NOT_ALLOWED', 'unauthorized_client'],
  ] as const)('gives nothing to %s', async (_who, { suffix, secret }, code, error) => {
    const answer = await request(basic(`${home.client.id}-${suffix}`, secret));
    expectProblem(answer, code, { tokenEndpoint: true });
    expect(answer.body).toMatchObject({ error });
    expect(answer.body).not.toHaveProperty('access_token');
  });

  test('gives nothing for an operator of another institution', async () => {
    await stack.addOffice({ change: (file) => addOperator(file, 'hanya.di.sana') });
    const answer = await request(basic(home.client.id, home.client.secret), '&operator=hanya.di.sana');
    expectProblem(answer, 'OPERATOR_UNKNOWN', { tokenEndpoint: true });
    expect(answer.body).toMatchObject({ error: 'invalid_grant' });
  });

  test('gives nothing for the secret of another client', async () => {
    const answer = await request(basic(home.client.id, neighbour.client.secret));
    expectProblem(answer, 'CLIENT_INVALID', { tokenEndpoint: true });
  });
});

describe('the trail', () => {
  interface Trail {
    entries: { id: string; operatorId: string | null; clientId: string }[];
    next: string | null;
  }
  const trail = async (token: string, query = '') =>
    (await stack.send<Trail>('GET', `/v1/verifications${query}`, { headers: bearer(token) })).body;
  const lookUp = async (token: string): Promise<string> => {
    const { body } = await stack.verify<{ id: string }>(token, { nik: '3313043108859903', purpose });
    return body.id;
  };

  test('shows an operator their own, the Camat and the evaluator their institution, nobody another one', async () => {
    const people = (file: Office['file']) => {
      for (const role of ['camat', 'evaluator'] as const) addOperator(file, role, { role });
      addOperator(file, 'loket2');
    };
    const [here, there] = [await stack.addOffice({ change: people }), await stack.addOffice({ change: people })];
    const tokens = async (office: Office) => ({
      loket1: await stack.token(office, { operator: 'loket1' }),
      loket2: await stack.token(office, { operator: 'loket2' }),
      camat: await stack.token(office, { operator: 'camat' }),
      evaluator: await stack.token(office, { operator: 'evaluator' }),
    });
    const [ours, theirs] = [await tokens(here), await tokens(there)];
    const first = await lookUp(ours.loket1);
    const second = await lookUp(ours.loket2);
    const third = await lookUp(theirs.loket1);
    const ids = async (token: string, query = '') => (await trail(token, query)).entries.map(({ id }) => id);

    expect(await ids(ours.loket1)).toEqual([first]);
    expect(await ids(ours.loket2)).toEqual([second]);
    expect(await ids(ours.camat)).toEqual([second, first]);
    expect(await ids(ours.evaluator)).toEqual([second, first]);
    expect(await ids(theirs.loket2)).toEqual([]);
    expect(await ids(theirs.camat)).toEqual([third]);
    // neither a filter nor a page of the other institution opens a door
    const theirOperator = await operatorIdOf(stack, there);
    expect(await ids(ours.camat, `?operatorId=${theirOperator}`)).toEqual([]);
    expect(await ids(ours.loket1, `?operatorId=${theirOperator}`)).toEqual([first]);
    expect(await ids(ours.camat, `?before=${third}`)).toEqual([second, first]);
  });
});

describe('POST /v1/verifications is refused, on record and without a hit, when', () => {
  const nik = '3313043108859903';

  test.each(shutGates.map((gate) => [gate.name, gate] as const))('%s', async (_name, gate) => {
    const office = await stack.addOffice({ change: gate.change });
    const asking = gate.client ? asClient(office, gate.client) : office;
    const operator = gate.operator === undefined ? office.operator : gate.operator;
    const token = await stack.token(asking, operator === null ? {} : { operator });
    const answer = await stack.verify<Problem>(token, { nik, purpose, ...gate.request });

    expectProblem(answer, gate.code);
    expect(answer.body.issues?.map(({ path }) => path) ?? []).toEqual(gate.issues ?? []);
    expectNoEcho(answer, nik);
    const institutionId = await institutionIdOf(stack, office);
    const [refusal, ...more] = await refusalsOf(stack, institutionId);
    const request: { purpose?: { service: string }; fields?: string[]; match?: object } = gate.request ?? {};
    expect(refusal).toMatchObject({
      outcome: gate.code,
      client_id: asking.client.id,
      mode: request.match ? 'MATCH' : 'LOOKUP',
      fields: request.fields ?? [],
      service: request.purpose?.service ?? purpose.service,
      case_reference: purpose.reference,
      nik_hmac: null,
      hit_state: null,
    });
    expect(refusal?.operator_id === null).toBe(operator === null);
    expect(more).toEqual([]);
    expect(await hitsOf(stack, institutionId)).toBe(0);
    expect(await stack.counted(office)).toMatchObject({ requests: 0 });

    const rights = await stack.send<AccessRights>('GET', '/v1/access-rights', { headers: bearer(token) });
    expect(rights.status).toBe(200);
    expect(rights.body.missing.map(({ code }) => code)).toEqual(gate.standing ? [gate.code] : []);
    expect(rights.body.allowed).toBe(!gate.standing);
  });

  test.each([
    ['no purpose is stated', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['an element outside of the nine is asked for', { fields: ['namaLengkap', 'agama'] }, 'FIELD_NOT_GRANTED'],
  ] as const)('%s', async (_name, request, code) => {
    const office = await stack.addOffice();
    const answer = await stack.verify(await stack.token(office), { nik, purpose, ...request });
    expectProblem(answer, code);
    expectNoEcho(answer, nik);
    expect(await hitsOf(stack, await institutionIdOf(stack, office))).toBe(0);
  });

  // both are decided before the handler that keeps the record
  test.each([
    ['no purpose is stated', { purpose: undefined }, 'PURPOSE_REQUIRED'],
    ['an element outside of the nine is asked for', { fields: ['namaLengkap', 'agama'] }, 'FIELD_NOT_GRANTED'],
  ] as const)('%s: on record', async (_name, request, code) => {
    const office = await stack.addOffice();
    await stack.verify(await stack.token(office), { nik, purpose, ...request });
    const refusals = await refusalsOf(stack, await institutionIdOf(stack, office));
    expect(refusals).toEqual([expect.objectContaining({ outcome: code, nik_hmac: null })]);
  });

  test('there is no agreement at all', async () => {
    const office = await stack.addOffice();
    const institutionId = await institutionIdOf(stack, office);
    const token = await stack.token(office);
    for (const table of ['agreement_version', 'sptjm'])
      await stack.sql(
        `DELETE FROM access.${table} WHERE agreement_id IN (SELECT id FROM access.agreement WHERE institution_id = $1)`,
        [institutionId],
      );
    await stack.sql('DELETE FROM access.agreement WHERE institution_id = $1', [institutionId]);
    const missing = await waitFor(
      () => stack.verify(token, { nik: '3313043108859903', purpose }),
      ({ status }) => status !== 200,
    );
    expectProblem(missing, 'AGREEMENT_MISSING');
    expect((await refusalsOf(stack, institutionId)).at(-1)).toMatchObject({
      outcome: 'AGREEMENT_MISSING',
      agreement_version_id: null,
      nik_hmac: null,
    });
  });
});
