import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import {
  beginUpload,
  chunkBytes,
  finishUpload,
  uploadBalikanBatch,
  uploadChunk,
  type ErrorCode,
  type Problem,
} from '#contracts';
import { AppError } from '#service';
import { until } from '../../../../test/support/until.js';
import { AppFixture, openFacts } from './app-fixture.js';
import { BalikanBatchesController } from './batches.controller.js';
import { BalikanUploadController } from './upload.controller.js';

const batch = uploadBalikanBatch.response.examples.queued;
const path = uploadBalikanBatch.path;
const csv = { 'content-type': 'text/csv' };

let fixture: AppFixture;
let begun: { policy: string; actor: { institutionId: string } }[];
let pieces: { n: number; bytes: string }[];
let finished: { chunks: number; bytes: number; sha256: string }[];
/** What happens to a piece; by default it is taken. */
let take: (n: number) => Promise<void>;
let open: number;
let mostOpen: number;

beforeEach(async () => {
  [begun, pieces, finished, open, mostOpen] = [[], [], [], 0, 0];
  take = async () => undefined;
  fixture = await AppFixture.start([BalikanUploadController, BalikanBatchesController]);
  fixture.answer = async (rpc, input) => {
    if (rpc === beginUpload) {
      begun.push(input);
      return { id: batch.id };
    }
    if (rpc === finishUpload) {
      finished.push(input);
      return batch;
    }
    if (rpc !== uploadChunk) throw new Error('nothing else is asked');
    const piece: { n: number; bytes: string } = input;
    mostOpen = Math.max(mostOpen, (open += 1));
    await take(piece.n).finally(() => (open -= 1));
    pieces.push(piece);
    return { n: piece.n };
  };
});
afterEach(() => fixture.stop());

const post = (body: RequestInit['body'], headers: Record<string, string> = {}, query = '') =>
  fetch(`${fixture.url}${path}${query}`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);

function formWith(...files: [name: string, content: Uint8Array<ArrayBuffer>][]): FormData {
  const form = new FormData();
  for (const [name, content] of files) form.append(name, new Blob([content]), `${name}.xlsx`);
  return form;
}
const received = () => Buffer.concat(pieces.map(({ bytes }) => Buffer.from(bytes, 'base64')));

async function expectRefusal(answer: Response, code: ErrorCode): Promise<Problem> {
  const problem = (await answer.json()) as Problem;
  expect(problem).toMatchObject({ code, status: answer.status });
  expect(finished).toEqual([]);
  return problem;
}

/** A body without end, written by hand. */
function openUpload(headers: Record<string, string> = csv): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = request(`${fixture.url}${path}`, { method: 'POST', agent: false, headers });
  const answer = new Promise<IncomingMessage>((resolve, reject) => sent.on('response', resolve).on('error', reject));
  answer.catch(() => undefined);
  return { sent, answer };
}

describe('a file', () => {
  const size = 5 * chunkBytes + 4_321;

  test.each([
    ['in a form', (content: Uint8Array<ArrayBuffer>) => post(formWith(['file', content]), {}, '?policy=GOOD_ROWS')],
    ['as the body', (content: Uint8Array<ArrayBuffer>) => post(content, csv, '?policy=GOOD_ROWS')],
  ])('%s is handed on in pieces, in order, and sealed with its hash', async (_name, send) => {
    const content = new Uint8Array(randomBytes(size));
    const answer = await send(content);
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 202, body: batch });
    expect(begun).toMatchObject([
      { policy: 'GOOD_ROWS', actor: { institutionId: fixture.facts.institution.id, clientId: 'uji' } },
    ]);
    expect(pieces.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(pieces.slice(0, -1).map(({ bytes }) => Buffer.byteLength(bytes, 'base64'))).toEqual(
      Array(5).fill(chunkBytes),
    );
    expect(received().equals(content)).toBe(true);
    expect(finished).toEqual([
      {
        institutionId: fixture.facts.institution.id,
        id: batch.id,
        chunks: 6,
        bytes: size,
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    ]);
    expect(mostOpen).toBe(1);
  });

  test('of no byte is one too: the service tells what is wrong with it', async () => {
    expect((await post(formWith(['file', new Uint8Array(0)]))).status).toBe(202);
    expect(finished).toMatchObject([{ chunks: 0, bytes: 0 }]);
  });

  test('that the service does not take waits at its sender, not here', async () => {
    let go: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (go = resolve));
    take = () => taken;
    const { sent, answer } = openUpload();
    const block = Buffer.alloc(64 * 1024, 'x');
    let accepted = 0;
    const writeOn = () => {
      for (let room = true; room && accepted < 40 * 1024 * 1024; accepted += block.length) room = sent.write(block);
    };
    sent.on('drain', writeOn);
    writeOn();
    await until(() => open === 1);
    let before = -1;
    await until(() => {
      const still = accepted === before;
      before = accepted;
      return still;
    });
    // sockets and streams have buffers of their own, but none that a file fits into
    expect(accepted).toBeLessThan(12 * 1024 * 1024);
    expect(mostOpen).toBe(1);
    go();
    await until(() => accepted >= 40 * 1024 * 1024);
    sent.end();
    expect((await answer).statusCode).toBe(202);
    expect(finished).toHaveLength(1);
  });

  test('whose sender goes away is never finished', async () => {
    const { sent, answer } = openUpload({ 'content-type': 'multipart/form-data; boundary=x' });
    sent.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n');
    sent.write(Buffer.alloc(3 * chunkBytes, 'x'));
    await until(() => pieces.length >= 2);
    sent.destroy();
    await expect(answer).rejects.toThrow();
    await until(() => open === 0);
    expect((await post('a;b\n', csv)).status).toBe(202);
    expect(finished).toHaveLength(1);
    expect(finished).toMatchObject([{ bytes: 4 }]);
  });

  test('of a service that comes back is not lost', async () => {
    let failures = 2;
    take = async () => {
      if (failures-- > 0) throw new AppError('SERVICE_UNAVAILABLE');
    };
    expect((await post(new Uint8Array(2 * chunkBytes), csv)).status).toBe(202);
    expect(pieces.map(({ n }) => n)).toEqual([0, 1]);
  });

  test('of a service that stays away is told so, after a few tries', async () => {
    let tries = 0;
    take = async () => {
      tries += 1;
      throw new AppError('SERVICE_UNAVAILABLE');
    };
    await expectRefusal(await post('a;b\n', csv), 'SERVICE_UNAVAILABLE');
    expect(tries).toBe(3);
  });

  test('of somebody who is revoked meanwhile is not finished', async () => {
    take = async (n) => {
      if (n === 1) fixture.revoked = 'CLIENT_REVOKED';
    };
    await expectRefusal(await post(new Uint8Array(4 * chunkBytes), csv), 'CLIENT_REVOKED');
    expect(pieces.map(({ n }) => n)).toEqual([0, 1]);
  });
});

describe('is refused', () => {
  const large = 51 * 1024 * 1024;
  async function* without(bytes: number) {
    for (let sent = 0; sent < bytes; sent += 64 * 1024) yield Buffer.alloc(64 * 1024, 'x');
  }

  test('a file of 51 MB, by the length that was announced', async () => {
    await expectRefusal(await post(new Uint8Array(large), csv), 'BODY_TOO_LARGE');
    expect(begun).toEqual([]);
  });

  test.each([
    ['as the body', csv, (parts: AsyncIterable<Uint8Array>) => parts],
    [
      'in a form',
      { 'content-type': 'multipart/form-data; boundary=x' },
      async function* (parts: AsyncIterable<Uint8Array>) {
        yield Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n');
        yield* parts;
        yield Buffer.from('\r\n--x--\r\n');
      },
    ],
  ])('a file of 51 MB that announces nothing, %s', async (_name, headers, wrap) => {
    await expectRefusal(await post(wrap(without(large)), headers), 'BODY_TOO_LARGE');
    expect(received().length).toBeLessThanOrEqual(50 * 1024 * 1024);
  });

  const small = new TextEncoder().encode('a;b\n');
  const withField = () => {
    const form = formWith();
    form.append('policy', 'GOOD_ROWS');
    form.append('file', new Blob([small]), 'a.csv');
    return form;
  };
  const ofForm = { 'content-type': 'multipart/form-data; boundary=x' };
  test.each<[string, () => Promise<Response>, ErrorCode]>([
    ['a form with two files', () => post(formWith(['file', small], ['file', small])), 'REQUEST_INVALID'],
    ['a form with a file of another name', () => post(formWith(['berkas', small])), 'REQUEST_INVALID'],
    ['a form with a field, which would be passed over', () => post(withField()), 'REQUEST_INVALID'],
    ['a form without a file', () => post('--x--\r\n', ofForm), 'REQUEST_INVALID'],
    [
      'a form that breaks off',
      () => post('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc', ofForm),
      'REQUEST_MALFORMED',
    ],
    ['a form without a boundary', () => post('abc', { 'content-type': 'multipart/form-data' }), 'REQUEST_MALFORMED'],
    ['another kind of body', () => post('abc', { 'content-type': 'application/xml' }), 'MEDIA_TYPE_UNSUPPORTED'],
    ['a policy that there is not', () => post(small, csv, '?policy=SEMUA'), 'REQUEST_INVALID'],
  ])('%s', async (_name, send, code) => {
    await expectRefusal(await send(), code);
  });

  test('and no fault repeats what the form named', async () => {
    const nik = '3313043108859903';
    const form = formWith([nik, small]);
    form.append(nik, nik);
    expect(JSON.stringify(await expectRefusal(await post(form), 'REQUEST_INVALID'))).not.toContain(nik);
  });

  test('whoever may not, before anything is begun, and on record', async () => {
    fixture.facts = { ...openFacts(), agreements: [] };
    await expectRefusal(await post(small, csv), 'AGREEMENT_MISSING');
    expect({ begun, refusals: fixture.refusals }).toEqual({ begun: [], refusals: ['AGREEMENT_MISSING'] });
  });

  test('an upload beside 32 others', async () => {
    const held = new Promise<void>(() => undefined);
    take = () => held;
    const others = Array.from({ length: 32 }, () => openUpload());
    for (const { sent } of others) sent.write(Buffer.alloc(chunkBytes));
    await until(() => open === 32);
    await expectRefusal(await post(small, csv), 'OVERLOADED');
    for (const { sent } of others) sent.destroy();
  });

  test.each(['text/csv', 'multipart/form-data; boundary=x'])('a file on another route: %s', async (type) => {
    const url = `${fixture.url}${path}/${batch.id}/decision`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: 'a;b\n' });
    await expectRefusal(answer, 'MEDIA_TYPE_UNSUPPORTED');
  });

  test('a large body on another route', async () => {
    const url = `${fixture.url}${path}/${batch.id}/decision`;
    const body = JSON.stringify({ decision: 'x'.repeat(100_000) });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await expectRefusal(answer, 'BODY_TOO_LARGE');
  });
});
