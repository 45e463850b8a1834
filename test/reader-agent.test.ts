import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import type { ReadOutcome } from '#contracts';
import { Broker } from './support/reader-agent/broker.js';
import { card, PlayedCounter } from './support/reader-agent/played-counter.js';
import { makeKeys } from './support/reader-agent/stand-in-gateway.js';

let broker: Broker;
let counter: PlayedCounter;

beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.stop());

const short = { WAITING_FOR_CARD: 300, CARD_FOUND: 300, HOLD_STILL: 300, PUT_FINGER: 300, TRY_FAILED: 300 };

describe('a read', () => {
  beforeEach(async () => {
    counter = await PlayedCounter.open(broker, [{ card }], { ...short, READING: 300, rest: 400 });
  });
  afterEach(() => counter.close());

  test('card, finger, answer: the steps in order, and only what was ordered', async () => {
    const { steps, numbers, result } = await counter.gateway.read({ elements: ['nik', 'namaLengkap'] });
    expect(steps).toEqual(['WAITING_FOR_CARD', 'CARD_FOUND', 'HOLD_STILL', 'PUT_FINGER', 'READING']);
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
    const { nik, namaLengkap } = card;
    expect(result).toEqual({ outcome: 'MATCHED', tries: 0, elements: { nik, namaLengkap } });
  });

  test('a finger that matches at the second try', async () => {
    await counter.play({ card, fingers: ['no-match', 'match'] });
    const { steps, result } = await counter.gateway.read();
    expect(steps).toContain('TRY_FAILED');
    expect(result).toMatchObject({ outcome: 'MATCHED', tries: 1 });
  });

  test('what is ordered but not permitted stays in the reader, and a card has no Nomor KK', async () => {
    const permit = await counter.gateway.permit(300, { elements: ['nik', 'noKk'] });
    const { result } = await counter.gateway.read({ elements: ['nik', 'noKk', 'alamat'], permit });
    expect(result.elements).toEqual({ nik: card.nik });
  });

  const failures: [string, Record<string, unknown>, ReadOutcome, number][] = [
    ['nobody comes', { card: 'none' }, 'CARD_TIMEOUT', 0],
    ['a card that is no KTP-el', { card: 'unknown' }, 'CARD_UNKNOWN', 0],
    ['card taken away at once', { card, removeAt: 'CARD_FOUND' }, 'CARD_REMOVED', 0],
    ['card taken away while it is read', { card, removeAt: 'READING' }, 'CARD_REMOVED', 0],
    ['a mute card', { card, hangAt: 'HOLD_STILL' }, 'CARD_UNREADABLE', 0],
    ['a chip that stops in the middle', { card, hangAt: 'READING' }, 'CARD_UNREADABLE', 0],
    ['no finger', { card, fingers: ['none'] }, 'FINGER_TIMEOUT', 0],
    ['no second finger', { card, fingers: ['no-match', 'none'] }, 'FINGER_TIMEOUT', 1],
    ['a worn finger', { card, fingers: ['no-match'] }, 'NOT_MATCHED', 4],
    ['a SAM that refuses', { card, failAt: { step: 'HOLD_STILL', outcome: 'SAM_FAULT' } }, 'SAM_FAULT', 0],
    ['a broken reader', { card, failAt: { step: 'READING', outcome: 'READER_FAULT' } }, 'READER_FAULT', 0],
    ['a reader that gives nonsense', { card, leaks: { tanggalLahir: { not: 'text' } } }, 'READER_FAULT', 0],
  ];
  test.each(failures)('%s', async (_what, plan, outcome, tries) => {
    await counter.play(plan, { card });
    const { result } = await counter.gateway.read({ elements: ['nik', 'tanggalLahir'] });
    expect(result).toEqual({ outcome, tries });
    // and the next citizen is served
    await counter.inOrder(counter.gateway.reports.all.length);
    expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
  });

  test('one at a time: the second is told who has the reader and since when', async () => {
    await counter.play({ card: 'none' });
    const before = Date.now();
    const both = await Promise.all([
      counter.gateway.begin({ by: 'Petugas A' }),
      counter.gateway.begin({ by: 'Petugas B' }),
    ]);
    const values = both.map(({ answer }) => ('value' in answer ? answer.value : {}));
    expect(values.map(({ state }) => state).sort()).toEqual(['begun', 'busy']);
    const busy = values.find(({ state }) => state === 'busy');
    expect(busy?.by).toBe(values[0]?.state === 'begun' ? 'Petugas A' : 'Petugas B');
    expect(Math.abs(Date.parse(String(busy?.since)) - before)).toBeLessThan(5_000);
  });

  test('cancelled by who asked; cancelling once more, or another one’s, is no fault', async () => {
    await counter.play({ card, fingers: ['none'] });
    const { readId } = await counter.gateway.begin();
    await counter.gateway.events.find(({ event }) => event.kind === 'progress' && event.progress.step === 'PUT_FINGER');
    expect(await counter.gateway.cancel(crypto.randomUUID())).toEqual({ value: { running: false } });
    expect(await counter.gateway.cancel(readId)).toEqual({ value: { running: true } });
    expect((await counter.gateway.ending(readId)).result).toEqual({ outcome: 'CANCELLED', tries: 0 });
    expect(await counter.gateway.cancel(readId)).toEqual({ value: { running: false } });
  });

  test('taken away by hand, unplugged, and the SAM pulled out, in the middle', async () => {
    for (const [order, outcome] of [
      [{ do: 'remove-card' }, 'CARD_REMOVED'],
      [{ do: 'unplug' }, 'READER_FAULT'],
      [{ do: 'sam', sam: { present: false, serial: null, atr: null } }, 'SAM_FAULT'],
    ] as const) {
      await counter.play({ card, hangAt: 'HOLD_STILL' });
      const { readId } = await counter.gateway.begin();
      await counter.gateway.events.find(
        (one) => one.readId === readId && one.event.kind === 'progress' && one.event.progress.step === 'HOLD_STILL',
      );
      counter.agent.tell(order);
      expect((await counter.gateway.ending(readId)).result.outcome).toBe(outcome);
      counter.agent.tell({ do: 'plug' });
      await counter.gateway.reports.next(({ busy, faults }) => !busy && !faults.includes('NO_READER'));
    }
  });

  test('a device that does not come to rest is reported, and refuses until it does', async () => {
    await counter.play({ card, hangAt: 'HOLD_STILL', deaf: true });
    expect((await counter.gateway.read()).result.outcome).toBe('CARD_UNREADABLE');
    await counter.gateway.reports.find(({ faults }) => faults.includes('READER_FAULT'));
    expect((await counter.gateway.begin()).answer).toMatchObject({ error: { code: 'READER_NOT_READY' } });
    const before = counter.gateway.reports.all.length;
    counter.agent.tell({ do: 'rest' });
    await counter.inOrder(before);
    await counter.play({ card });
    expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
  });
});

describe('the gate in the agent', () => {
  beforeAll(async () => {
    counter = await PlayedCounter.open(broker);
  });
  afterAll(() => counter.close());

  test.each([
    ['expired', () => counter.gateway.permit(-10)],
    ['for another reader', () => counter.gateway.permit(300, { sub: crypto.randomUUID() })],
    ['of another issuer', () => counter.gateway.permit(300, { iss: 'https://lain.contoh' })],
    ['not begun', () => counter.gateway.permit(300, { nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['signed by somebody else', async () => forged(await counter.gateway.permit())],
    ['not signed', async () => unsigned(await counter.gateway.permit())],
    ['no permit', async () => 'x'],
  ])('a permit that is %s', async (_what, make) => {
    expect((await counter.gateway.begin({ permit: await make() })).answer).toMatchObject({
      error: { code: 'PERMIT_INVALID' },
    });
  });

  test('keys that come over the bus are not trusted', async () => {
    const { privateKey, jwks } = await makeKeys('k1');
    counter.gateway.jwksOnBus = jwks;
    counter.agent.tell({ do: 'faults', faults: [] });
    await counter.gateway.reports.next(() => true);
    // the answer to the next report is behind the one before
    counter.agent.tell({ do: 'faults', faults: [] });
    await counter.gateway.reports.next(() => true);
    const permit = await new SignJWT(decodeJwt(await counter.gateway.permit()))
      .setProtectedHeader(permitHeader)
      .sign(privateKey);
    expect((await counter.gateway.begin({ permit })).answer).toMatchObject({ error: { code: 'PERMIT_INVALID' } });
    counter.gateway.jwksOnBus = undefined;
  });

  test('a token of another kind, signed with the same key', async () => {
    counter.gateway.typ = 'at+jwt';
    const permit = await counter.gateway.permit();
    counter.gateway.typ = 'reader-permit+jwt';
    expect((await counter.gateway.begin({ permit })).answer).toMatchObject({ error: { code: 'PERMIT_INVALID' } });
  });

  test('a new key is fetched from the gateway, kept, and not asked for again and again', async () => {
    const asked = counter.gateway.keysAsked;
    await counter.gateway.changeKey('k2');
    expect((await counter.gateway.read()).result.outcome).toBe('MATCHED');
    expect(counter.gateway.keysAsked).toBe(asked + 1);
    const kept = readFileSync(join(counter.agent.state, 'identity.json'), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ jwks: counter.gateway.jwks });
    counter.gateway.kid = 'k3';
    for (let n = 0; n < 3; n++)
      expect((await counter.gateway.begin()).answer).toMatchObject({ error: { code: 'PERMIT_INVALID' } });
    counter.gateway.kid = 'k2';
    expect(counter.gateway.keysAsked).toBe(asked + 1);
    await counter.inOrder(counter.gateway.reports.all.length - 1);
  });

  test('a permit for another SAM', async () => {
    const permit = await counter.gateway.permit(300, { samSerial: 'SAM-9902' });
    expect((await counter.gateway.begin({ permit })).answer).toMatchObject({ error: { code: 'READER_NOT_READY' } });
  });

  test('a swapped SAM, a missing one, an unknown one and no reader are reported, and refuse', async () => {
    const sam = { present: true, serial: 'SAM-9901', atr: '3B00' };
    for (const [order, fault] of [
      [{ do: 'sam', sam: { ...sam, serial: 'SAM-9902' } }, 'SAM_MISMATCH'],
      [{ do: 'sam', sam: { ...sam, serial: null } }, 'SAM_MISMATCH'],
      [{ do: 'sam', sam: { present: false, serial: null, atr: null } }, 'NO_SAM'],
      [{ do: 'unplug' }, 'NO_READER'],
    ] as const) {
      counter.agent.tell(order);
      await counter.gateway.reports.next(({ faults }) => faults.includes(fault));
      expect((await counter.gateway.begin()).answer).toMatchObject({ error: { code: 'READER_NOT_READY' } });
    }
    const before = counter.gateway.reports.all.length;
    counter.agent.tell({ do: 'plug' });
    counter.agent.tell({ do: 'sam', sam });
    await counter.inOrder(before);
  });

  test.each([
    ['sam.atr', { serial: 'SAM-9901', atr: 'tidak tersedia' }],
    ['sam.serial', { serial: '3313044107909901', atr: null }],
  ])('a word that does not fit (%s) is left blank and told; the reader is not silent', async (field, sam) => {
    counter.agent.tell({ do: 'sam', sam: { present: true, ...sam } });
    const { faults, sam: told } = await counter.gateway.reports.next((one) => one.faults.includes('READER_FAULT'));
    expect(told).toEqual({ present: true, ...sam, [field.slice(4)]: null });
    expect(faults).toContain('READER_FAULT');
    await counter.agent.log.find(({ reason }) => reason === field);
    const before = counter.gateway.reports.all.length;
    counter.agent.tell({ do: 'sam', sam: { present: true, serial: 'SAM-9901', atr: '3B00' } });
    await counter.inOrder(before);
  });

  test('the end of its permit, and the order’s own deadline, end a read', async () => {
    await counter.play({ card: 'none' });
    const permit = await counter.gateway.permit(2);
    expect((await counter.gateway.read({ permit })).result.outcome).toBe('CANCELLED');
    await counter.inOrder(counter.gateway.reports.all.length - 1);
    expect((await counter.gateway.read({ deadlineMs: 1_000 })).result.outcome).toBe('CANCELLED');
    await counter.inOrder(counter.gateway.reports.all.length - 1);
  });

  test('a permit that is withdrawn ends the read under way', async () => {
    await counter.play({ card: 'none' });
    const { readId } = await counter.gateway.begin();
    Object.assign(counter.gateway.answers, { permit: false, refusal: 'AGREEMENT_ENDED' });
    counter.agent.tell({ do: 'faults', faults: [] });
    expect((await counter.gateway.ending(readId)).result.outcome).toBe('CANCELLED');
    await counter.gateway.reports.find(({ faults }) => faults.includes('PERMIT_EXPIRED'));
  });

  test.each(['AGENT_REVOKED', 'RESOURCE_NOT_FOUND'])('%s ends the read under way, and the permit', async (code) => {
    const before = counter.gateway.reports.all.length;
    Object.assign(counter.gateway.answers, { permit: true, refusal: null, error: null });
    counter.agent.tell({ do: 'faults', faults: [] });
    await counter.inOrder(before);
    await counter.play({ card: 'none' });
    const { readId } = await counter.gateway.begin();
    counter.gateway.answers.error = code;
    const from = counter.gateway.reports.all.length;
    counter.agent.tell({ do: 'faults', faults: [] });
    expect((await counter.gateway.ending(readId)).result.outcome).toBe('CANCELLED');
    await counter.gateway.reports.find(({ faults }) => faults.includes('PERMIT_EXPIRED'), from);
  });
});

const permitHeader = { alg: 'EdDSA', typ: 'reader-permit+jwt', kid: 'k1' };

async function forged(permit: string): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA');
  return new SignJWT(decodeJwt(permit)).setProtectedHeader(permitHeader).sign(privateKey);
}

function unsigned(permit: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  return `${header}.${permit.split('.')[1]}.`;
}
