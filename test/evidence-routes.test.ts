import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Checkpoint, CheckpointPage, ConsistencyProof, EvidenceStatus, InclusionProof } from '#contracts';
import {
  BundleVerifier,
  fromBase64,
  openCheckpoint,
  parseVerifierKey,
  verifyConsistency,
  verifyInclusion,
} from '#evidence';
import { expectProblem } from './support/answers.js';
import { bearer } from './support/asking.js';
import { institutionIdOf } from './support/office-parts.js';
import { addEvaluator, addOfficials, sessionsOf } from './support/officials.js';
import { purpose, RunningStack, type Answer, type Office } from './support/running-stack.js';

/** What an office and its evaluator get to see of the evidence, checked as an outsider checks it. */
let stack: RunningStack;
let office: Office;
let institutionId: string;
let people: Record<string, Record<string, string>>;
let evaluator: Record<string, string>;
let stranger: Record<string, string>;
let neighbour: Record<string, Record<string, string>>;
const lookUps: string[] = [];

const kecamatan = '33.81.01';
const nik = '3313043108859903';

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' } });
  const at = (regionCode: string) =>
    stack.addOffice({
      change: (file) => {
        file.institution.regionCode = regionCode;
        addOfficials(file);
      },
    });
  office = await at(kecamatan);
  await at('33.81.02');
  institutionId = await institutionIdOf(stack, office);
  people = await sessionsOf(stack, kecamatan);
  neighbour = await sessionsOf(stack, '33.81.02');
  evaluator = await addEvaluator(stack, '33.81');
  stranger = await addEvaluator(stack, '33.82');
  const token = await stack.token(office);
  for (let index = 0; index < 5; index++) lookUps.push(await lookUp(token));
});
afterAll(() => stack.stop());

async function lookUp(token: string): Promise<string> {
  const { status, body } = await stack.verify<{ id: string }>(token, { nik, purpose });
  expect(status).toBe(200);
  return body.id;
}

const get = <T = Record<string, unknown>>(path: string, headers = people.camat): Promise<Answer<T>> =>
  stack.send<T>('GET', `/v1/evidence/${path}`, headers ? { headers } : {});
const sign = (query = '', headers = people.camat) =>
  stack.send<Checkpoint>('POST', `/v1/evidence/checkpoints${query}`, headers ? { headers } : {});
const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array();
const rootOf = ({ root }: Checkpoint) => bytes(root);

async function keys() {
  const { body } = await get<CheckpointPage>('checkpoints');
  return body.keys.flatMap((text) => parseVerifierKey(text) ?? []);
}

describe('checkpoints', () => {
  test('are signed at once when somebody asks, and hold what was committed before', async () => {
    const { status, body } = await sign();
    expect(status).toBe(201);
    expect(body.size).toBeGreaterThanOrEqual(2 * lookUps.length);
    expect(openCheckpoint(body.note, await keys())).toMatchObject({
      ok: true,
      checkpoint: { origin: body.origin, size: body.size },
    });
  });

  test('are listed newest first, page by page', async () => {
    for (let times = 0; times < 3; times++) {
      lookUps.push(await lookUp(await stack.token(office)));
      expect((await sign()).status).toBe(201);
    }
    const { body: all } = await get<CheckpointPage>('checkpoints?limit=100');
    const sizes = all.checkpoints.map(({ size }) => size);
    expect(sizes.length).toBeGreaterThanOrEqual(4);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    const paged: number[] = [];
    for (let before: number | null | undefined; before !== null;) {
      const page: Answer<CheckpointPage> = await get(
        `checkpoints?limit=2${before === undefined ? '' : `&before=${before}`}`,
      );
      paged.push(...page.body.checkpoints.map(({ size }) => size));
      before = page.body.next;
    }
    expect(paged.slice(-sizes.length)).toEqual(sizes);
  });

  test('are shown to the counter as well, by its application, but signed by officials only', async () => {
    const token = await stack.token(office);
    expect((await get('checkpoints', bearer(token))).status).toBe(200);
    expectProblem(await sign('', bearer(token)), 'ROLE_NOT_ALLOWED');
    expectProblem(await get('status', bearer(token)), 'ROLE_NOT_ALLOWED');
    expectProblem(await get('export', bearer(token)), 'ROLE_NOT_ALLOWED');
  });
});

describe('proofs', () => {
  test('of a look-up lead from its leaf to the root', async () => {
    await sign();
    for (const id of lookUps) {
      const { status, body } = await get<InclusionProof>(`proofs/inclusion?verificationId=${id}`);
      expect(status).toBe(200);
      const proof = body.hashes.map(bytes);
      const root = rootOf(body.checkpoint);
      const { index, size } = body;
      expect(verifyInclusion({ index, size, leafHash: bytes(body.leafHash), proof, root })).toBe(true);
      expect(verifyInclusion({ index, size, leafHash: rootOf(body.checkpoint), proof, root })).toBe(false);
      const same = await get<InclusionProof>(`proofs/inclusion?index=${index}&size=${size}`);
      expect(same.body).toEqual(body);
    }
  });

  test('of an event that waits, or that is not there', async () => {
    const id = await lookUp(await stack.token(office));
    const { status, body } = await get<{ code?: string }>(`proofs/inclusion?verificationId=${id}`);
    // it may have been signed in the meantime
    if (status !== 200) expect({ status, code: body.code }).toEqual({ status: 409, code: 'NOT_IN_CHECKPOINT' });
    expectProblem(await get(`proofs/inclusion?eventId=${institutionId}`), 'RESOURCE_NOT_FOUND');
    expectProblem(await get('proofs/inclusion?index=1000000'), 'RESOURCE_NOT_FOUND');
    lookUps.push(id);
  });

  test.each([
    '',
    '?index=1&eventId=019ab3c4-5d6e-7f80-9123-456789abcdef',
    '?index=-1',
    '?index=x',
    '?verificationId=1',
    '?index=1&size=0',
  ])('of nothing, or of too much: %j', async (query) =>
    expectProblem(await get(`proofs/inclusion${query}`), 'REQUEST_INVALID'),
  );

  test('that a newer checkpoint only adds to an older one', async () => {
    await sign();
    const { body: page } = await get<CheckpointPage>('checkpoints?limit=100');
    const [newest, ...older] = page.checkpoints;
    for (const from of older) {
      const { status, body } = await get<ConsistencyProof>(`proofs/consistency?from=${from.size}&to=${newest?.size}`);
      expect(status).toBe(200);
      expect(
        verifyConsistency({
          from: from.size,
          to: body.to,
          fromRoot: rootOf(from),
          toRoot: rootOf(body.checkpoint),
          proof: body.hashes.map(bytes),
        }),
      ).toBe(true);
    }
    expectProblem(await get('proofs/consistency'), 'REQUEST_INVALID');
    expectProblem(await get('proofs/consistency?from=1000000'), 'NOT_IN_CHECKPOINT');
  });
});

test('the state of the log', async () => {
  const { body: signed } = await sign();
  const { status, body } = await get<EvidenceStatus>('status', people.admin);
  expect(status).toBe(200);
  expect(body).toMatchObject({ origin: signed.origin, fault: null, stalled: false });
  expect(body.size).toBeGreaterThanOrEqual(signed.size);
  expect(body.lastCheckpoint?.size).toBeGreaterThanOrEqual(signed.size);
});

describe('a bundle', () => {
  const verdictOf = async (text: string) => {
    const { body } = await get<CheckpointPage>('checkpoints');
    const verifier = new BundleVerifier({ keys: body.keys });
    for (const line of text.split('\n').slice(0, -1)) verifier.line(line);
    return verifier.end();
  };
  const first = (text: string) => JSON.parse(text.split('\n', 1)[0] ?? '') as Record<string, unknown>;

  test('holds everything, and is right for whoever checks it', async () => {
    const { body: signed } = await sign();
    const answer = await get('export', evaluator && people.camat);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { origin, to } = first(answer.text);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="bukti-${kecamatan}-1-0-${String(to)}.jsonl"`,
    );
    expect(first(answer.text)).toMatchObject({
      format: 'gerbang-evidence/1',
      institution: { id: institutionId, name: office.file.institution.name },
      from: 0,
      before: [],
    });
    expect({ origin, isLater: Number(to) >= signed.size }).toEqual({ origin: signed.origin, isLater: true });
    expect(await verdictOf(answer.text)).toMatchObject({ ok: true, findings: [], isKeyPinned: true, leaves: to });
    for (const id of lookUps) expect(answer.text).toContain(id);
    expect(answer.text).not.toMatch(/\d{16}|CONTOH|"reference"/);
  });

  test('may go on where another one ended', async () => {
    const { body: page } = await get<CheckpointPage>('checkpoints?limit=100');
    const [from, to] = [page.checkpoints[2]?.size, page.checkpoints[1]?.size];
    const answer = await get(`export?from=${from}&to=${to}`);
    expect(first(answer.text)).toMatchObject({ from, to });
    expect(await verdictOf(answer.text)).toMatchObject({ ok: true, findings: [], leaves: Number(to) - Number(from) });
    expect(await verdictOf(answer.text.slice(0, answer.text.lastIndexOf('{"end"')))).toMatchObject({ ok: false });
  });

  test.each(['from=1000000', 'to=1000000', 'from=5&to=5', 'generation=2'])(
    'of what was not signed: %s',
    async (query) => {
      const answer = await get(`export?${query}`);
      expect(['NOT_IN_CHECKPOINT', 'RESOURCE_NOT_FOUND']).toContain(answer.body.code);
    },
  );
});

describe('the evidence of a kecamatan is asked for', () => {
  const asked = ['checkpoints', 'status', 'proofs/consistency?from=0', 'export'];
  const by = (path: string) => `${path}${path.includes('?') ? '&' : '?'}institutionId=${institutionId}`;

  test.each(asked)('by the evaluator of the kabupaten: %s', async (path) => {
    const answer = await get(by(path), evaluator);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(institutionId);
  });

  test('and signed', async () => {
    const { status, body } = await sign(`?institutionId=${institutionId}`, evaluator);
    expect({ status, own: body.origin.includes(institutionId) }).toEqual({ status: 201, own: true });
  });

  test.each(asked)('by nobody else: %s', async (path) => {
    expectProblem(await get(by(path), stranger), 'RESOURCE_NOT_FOUND');
    expectProblem(await get(by(path), neighbour.camat), 'RESOURCE_NOT_FOUND');
    // an application speaks for its own office, whoever stands behind it
    const token = await stack.token(await stack.addOffice({ change: addOfficials }), { operator: 'camat' });
    expectProblem(await get(by(path), bearer(token)), 'RESOURCE_NOT_FOUND');
  });
});

describe('a gap', () => {
  const acknowledge = (headers: Record<string, string> | undefined) =>
    stack.send('POST', `/v1/admin/institutions/${institutionId}/evidence/rollback-acknowledgements`, {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'Dipulihkan dari cadangan' }),
    });

  test('that is none is not acknowledged', async () => {
    expectProblem(await acknowledge(people.admin), 'STATE_CONFLICT');
    expectProblem(await acknowledge(people.camat), 'ROLE_NOT_ALLOWED');
    expect(await stack.sql("SELECT 1 FROM access.admin_event WHERE act = 'evidence.acknowledge-rollback'")).toEqual([]);
  });
});

test('after a stop and the end of the agreement all of it is still there', async () => {
  const stop = await stack.send('POST', `/v1/admin/institutions/${institutionId}/stop`, {
    headers: { ...people.camat, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'Uji putus akses' }),
  });
  expect(stop.status).toBe(200);
  await stack.sql(
    'UPDATE access.agreement SET terminated_at = now(), termination_reason = $2 WHERE institution_id = $1',
    [institutionId, 'Uji'],
  );
  await stack.sql(
    'DELETE FROM access.nda WHERE operator_id IN (SELECT id FROM access.operator WHERE institution_id = $1)',
    [institutionId],
  );
  const token = await stack.token(office, { operator: 'camat' });
  for (const headers of [people.camat, bearer(token), evaluator]) {
    const whose = headers === evaluator ? `institutionId=${institutionId}` : '';
    expect((await get(`checkpoints?${whose}`, headers)).status).toBe(200);
    expect((await get(`proofs/inclusion?verificationId=${lookUps[0]}&${whose}`, headers)).status).toBe(200);
    expect((await get(`export?${whose}`, headers)).status).toBe(200);
    expect((await sign(`?${whose}`, headers)).status).toBe(201);
  }
});
