import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode, SamDetail } from '#contracts';
import { expectProblem } from './support/answers.js';
import { addOperator, asClient, firstVersion, institutionIdOf, refusalsOf } from './support/office-parts.js';
import {
  act,
  addReader,
  connectAgent,
  joinCode,
  openReaderOffice,
  read,
  type ReaderOffice,
} from './support/reader-office.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';
import { shutGates } from './support/shut-gates.js';
import { askToJoin } from './support/stand-in-agent.js';

let stack: RunningStack;
let home: ReaderOffice;
let neighbour: ReaderOffice;

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '100000', GATEWAY_BURST_SIZE: '100000' } });
  [home, neighbour] = [await openReaderOffice(stack), await openReaderOffice(stack)];
});
afterAll(() => stack.stop());

/** A reader with an activated SAM, by the rows themselves: the office of such a gate cannot do it any more. */
async function putReader(office: Office): Promise<{ id: string }> {
  const [row] = await stack.sql<{ id: string }>(
    `WITH reader AS (
       INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at)
       VALUES ($1, 'Uji', 'Uji', 'RDR', 'Loket', now()) RETURNING id),
     sam AS (
       INSERT INTO access.sam (institution_id, agreement_id, sifilma_number, letter_number, letter_date, requested_at, serial,
         pcid_fingerprint, personalised_on, activated_on)
       SELECT $1, id, 'S/1', 'L/1', '2026-01-02', now(), 'SAM', 'ab', '2026-01-03', '2026-01-04'
       FROM access.agreement WHERE institution_id = $1 LIMIT 1 RETURNING id)
     INSERT INTO access.sam_assignment (sam_id, reader_id, assigned_at) SELECT sam.id, reader.id, now() FROM sam, reader
     RETURNING reader_id AS id`,
    [await institutionIdOf(stack, office)],
  );
  return { id: row?.id ?? '' };
}

const readsOf = async (readerId: string) =>
  stack.sql('SELECT FROM access.reader_read WHERE reader_id = $1', [readerId]);

describe('every gate of a look-up stands before a read, too:', () => {
  // a read compares nothing itself, and has no element without a card
  const gates = shutGates.filter(({ request, code }) => !request?.match && code !== 'MODE_NOT_GRANTED');

  test.each(gates.map((gate) => [`${gate.name}: ${gate.code}`, gate] as const))('%s', async (_name, gate) => {
    const office = await stack.addOffice({ change: gate.change });
    const reader = await putReader(office);
    const asking = gate.client ? asClient(office, gate.client) : office;
    const operator = gate.operator === undefined ? { operator: office.operator } : gate.operator;
    const token = await stack.token(
      asking,
      operator === null ? {} : typeof operator === 'string' ? { operator } : operator,
    );
    const answer = await read(stack, { token, reader: reader as ReaderOffice['reader'] }, gate.request);
    expectProblem(answer, gate.code);
    expect(await readsOf(reader.id)).toEqual([]);
    const refused = await refusalsOf(stack, await institutionIdOf(stack, office));
    expect(refused.map(({ outcome }) => outcome)).toEqual([gate.code]);
  });
});

test('a match of nothing but the NIK is no request, and no refusal either', async () => {
  const answer = await read(stack, home, { then: 'MATCH', fields: ['nik'] });
  expectProblem(answer, 'REQUEST_INVALID');
  expect(answer.text).toContain('LOOKUP');
  expect(await readsOf(home.reader.id)).toEqual([]);
});

describe('and those of the reader:', () => {
  const expectRefused = async (office: Pick<ReaderOffice, 'token' | 'reader'>, code: ErrorCode) => {
    const before = (await readsOf(office.reader.id)).length;
    expectProblem(await read(stack, office), code);
    expect(await readsOf(office.reader.id)).toHaveLength(before);
  };

  test('it is of this office', async () => {
    await expectRefused({ token: home.token, reader: neighbour.reader }, 'RESOURCE_NOT_FOUND');
    for (const id of ['019ab3c4-5d6e-7f80-9123-456789abcdef', 'tidak-ada'])
      expectProblem(await read(stack, { token: home.token, reader: { ...home.reader, id } }), 'RESOURCE_NOT_FOUND');
  });

  test('a SAM is in it, activated, of the agreement in force, and its configuration file is not returned', async () => {
    const { admin, path, token } = home;
    const reader = await addReader(admin, path);
    const office = { token, reader };
    await expectRefused(office, 'SAM_NOT_ACTIVATED');
    const letter = { number: '470/1/2026', date: '2026-01-02' };
    const { id } = await act<SamDetail>(admin, `${path}/sams`, { sifilmaNumber: 'SIFILMA/GERBANG', letter });
    const sam = `${path}/sams/${id}`;
    const personalised = { serial: 'SAM-GERBANG', pcidFingerprint: 'cd'.repeat(32), doneOn: '2026-01-03' };
    await act(admin, `${sam}/personalisation`, personalised);
    await act(admin, `${sam}/reader`, { readerId: reader.id });
    await expectRefused(office, 'SAM_NOT_ACTIVATED');
    await act(admin, `${sam}/activation`, { doneOn: '2026-01-04' });
    // all gates are open: only the agent is missing
    expectProblem(await read(stack, office), 'READER_OFFLINE');
    await stack.sql(
      `WITH other AS (INSERT INTO access.agreement (institution_id, number) SELECT institution_id, 'PKS/LAIN'
         FROM access.sam WHERE id = $1 RETURNING id)
       UPDATE access.sam SET agreement_id = other.id FROM other WHERE sam.id = $1`,
      [id],
    );
    await expectRefused(office, 'SAM_NOT_ACTIVATED');
    await stack.sql(
      `UPDATE access.sam SET agreement_id = (SELECT agreement_id FROM access.sam WHERE id = $2) WHERE id = $1`,
      [id, home.sam.id],
    );
    expectProblem(await read(stack, office), 'READER_OFFLINE');
    await act(admin, `${sam}/configuration-return`, { receiptNumber: 'BA/1', returnedOn: '2026-02-01' });
    await expectRefused(office, 'SAM_NOT_ACTIVATED');
  });

  test('it is not revoked', async () => {
    const place = await openReaderOffice(stack);
    await act(place.admin, `${place.path}/readers/${place.reader.id}/revocation`);
    await expectRefused(place, 'READER_REVOKED');
  });

  test('a purpose is stated', async () => {
    expectProblem(await read(stack, home, { purpose: undefined }), 'PURPOSE_REQUIRED');
    expectProblem(
      await read(stack, home, { purpose: { ...purpose, reference: '3313044107909901' } }),
      'REQUEST_INVALID',
    );
  });

  test('the agent has what it needs: what it refuses is told as READER_NOT_READY or PERMIT_INVALID', async () => {
    const place = await openReaderOffice(stack);
    const agent = await connectAgent(place);
    for (const code of ['READER_NOT_READY', 'PERMIT_INVALID'] as const) {
      agent.refuseWith = code;
      expectProblem(await read(stack, place), code);
    }
    const rows = await stack.sql('SELECT outcome FROM access.reader_read WHERE reader_id = $1', [place.reader.id]);
    expect(rows).toEqual([{ outcome: 'READER_NOT_READY' }, { outcome: 'PERMIT_INVALID' }]);
    await agent.close();
  });
});

describe('the list of readers', () => {
  test('says for each whether a read would be let through, and every gate that is shut', async () => {
    const place = await openReaderOffice(stack, (file) => {
      addOperator(file, 'tanpa.nda');
      delete file.operators.at(-1)?.nda;
      firstVersion(file);
    });
    const agent = await connectAgent(place);
    const list = async (token: string) => {
      const { body } = await stack.send<{ readers: { id: string }[] }>('GET', '/v1/readers', {
        headers: { authorization: `Bearer ${token}` },
      });
      return body.readers;
    };
    expect(await list(place.token)).toEqual([
      expect.objectContaining({ id: place.reader.id, state: 'online', adapter: 'simulator', ready: true, missing: [] }),
    ]);
    await agent.report({ faults: ['NO_SAM'], busy: true, journal: 3, lost: 2, damaged: 1 });
    const unsigned = await stack.token(place.office, { operator: 'tanpa.nda' });
    expect(await list(unsigned)).toMatchObject([
      {
        state: 'busy',
        ready: false,
        journal: { waiting: 3, lost: 2, damaged: 1 },
        missing: [{ code: 'NDA_MISSING' }, { code: 'READER_BUSY' }],
        faults: [{ code: 'NO_SAM', detail: expect.stringContaining('SAM') }],
      },
    ]);
    await agent.close();
    await stack.sql("UPDATE access.reader SET seen_at = now() - interval '1 minute' WHERE id = $1", [place.reader.id]);
    expect(await list(place.token)).toMatchObject([
      { state: 'offline', ready: false, missing: [{ code: 'READER_OFFLINE' }] },
    ]);
  });
});

describe('an installation that is no try-out, with a broker on another machine', () => {
  let url: string;
  beforeAll(async () => {
    const elsewhere = stack.stack.nats.url.replace('127.0.0.1', '0.0.0.0');
    const env = { GATEWAY_SIMULATED_READERS: 'false', GATEWAY_NATS_URL: elsewhere };
    url = (await stack.stack.add('gateway', env)).url ?? '';
  });

  test('gives no code for an address that leads nowhere, and the code is not spent', async () => {
    const { admin, path } = home;
    const code = await joinCode(admin, path, (await addReader(admin, path)).id);
    const { status, body } = await askToJoin(url, code);
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { code: 'SERVICE_UNAVAILABLE', issues: [{ message: expect.stringContaining('tls://') }] },
    });
    expect(await askToJoin(stack.url, code)).toMatchObject({ status: 201 });
  });

  test('reads nothing by a simulator, and says so in the list', async () => {
    const place = await openReaderOffice(stack);
    const agent = await connectAgent(place);
    const before = agent.orders.length;
    expectProblem(await read(stack, place, {}, url), 'READER_NOT_READY');
    expect(agent.orders).toHaveLength(before);
    const headers = { authorization: `Bearer ${place.token}` };
    const { body } = await stack.send('GET', '/v1/readers', { headers }, url);
    expect(body).toMatchObject({
      readers: [{ adapter: 'simulator', ready: false, missing: [{ code: 'READER_NOT_READY' }] }],
    });
    await agent.close();
  });
});
