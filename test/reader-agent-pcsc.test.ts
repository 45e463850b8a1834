import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { AgentProcess } from './support/reader-agent/agent-process.js';
import { Broker } from './support/reader-agent/broker.js';
import { buildUnpluggableDriver, Pcscd, whatIsMissing, whyNoPcscd } from './support/reader-agent/pcscd.js';
import { StandInGateway } from './support/reader-agent/stand-in-gateway.js';
import { ktp, ktpAtr, samAtr, VirtualCard, type Answerer } from './support/reader-agent/virtual-card.js';

const why = await whyNoPcscd();
// a machine that is meant to have it all does not pass by skipping
if (whatIsMissing() !== undefined && process.env.CI === 'true' && process.getuid?.() === 0) throw new Error(why);
const described = why === undefined ? describe : describe.skip;
if (why !== undefined) process.stderr.write(`skipped, the tests against pcscd: ${why}\n`);

/** Larger than one READ BINARY, and not a multiple of it. */
const photo = Buffer.alloc(2_500, 'photo of nobody ');
const hex = (text: string) => Buffer.from(text, 'hex');
const limitMs = 30_000;

let broker: Broker;
let gateway: StandInGateway;
let pcscd: Pcscd;
let agent: AgentProcess;
let sam: VirtualCard;
const cards: VirtualCard[] = [];

async function lay(answer: Answerer = ktp(photo), atr = ktpAtr): Promise<VirtualCard> {
  const card = await VirtualCard.insert(pcscd.port, atr, answer);
  cards.push(card);
  return card;
}

/** The agent has told that this is so, after what was heard so far or as the last thing. */
async function told(fits: (status: { faults: string[]; busy: boolean }) => boolean): Promise<void> {
  const last = gateway.reports.all.at(-1);
  if (!last || !fits(last)) await gateway.reports.next(fits);
}
const ready = () => told(({ faults, busy }) => !busy && faults.join() === 'NO_VENDOR_SDK');

async function outcome(): Promise<string> {
  await ready();
  return (await gateway.read()).result.outcome;
}

/** A read that has come as far as this step. */
async function begunUntil(step: string): Promise<string> {
  await ready();
  const { readId } = await gateway.begin();
  await gateway.events.find(
    ({ readId: of, event }) => of === readId && event.kind === 'progress' && event.progress.step === step,
  );
  return readId;
}

const ending = async (readId: string) => (await gateway.ending(readId)).result.outcome;

async function allCardsAway(): Promise<void> {
  await Promise.all(cards.splice(0).map((card) => card.remove()));
  await pcscd.slotIs(0, 'empty');
}

described('against pcscd and its virtual reader', () => {
  beforeAll(async () => {
    broker = await Broker.start();
    gateway = await StandInGateway.start(broker);
    pcscd = await Pcscd.start(buildUnpluggableDriver());
    agent = new AgentProcess(gateway.joined, {
      adapter: 'pcsc',
      deadlines: { HOLD_STILL: 6_000, rest: 500 },
      pcsc: { sam: { serial: 'SAM-9901', atr: samAtr.toString('hex') } },
    });
    await agent.start();
  }, limitMs);
  afterAll(async () => {
    await agent.remove();
    await sam.remove();
    await pcscd.stop();
    await gateway.close();
    await broker.stop();
  });
  afterEach(allCardsAway, limitMs);

  test('two slots: the reader is told, the missing SAM, the SAM with its ATR, and a foreign one', async () => {
    await told(({ faults }) => faults.join() === 'NO_SAM,NO_VENDOR_SDK');
    expect(gateway.reports.all.at(-1)).toMatchObject({ adapter: 'pcsc', reader: 'Virtual PCD 00 00' });
    const foreign = await VirtualCard.insert(pcscd.port + 1, ktpAtr, () => 'mute');
    await told(({ faults }) => faults.join() === 'NO_VENDOR_SDK,SAM_MISMATCH');
    expect((await gateway.begin()).answer).toMatchObject({ error: { code: 'READER_NOT_READY' } });
    await foreign.remove();
    await told(({ faults }) => faults.includes('NO_SAM'));
    sam = await VirtualCard.insert(pcscd.port + 1, samAtr, () => 'mute');
    await ready();
    const atr = samAtr.toString('hex').toUpperCase();
    expect(gateway.reports.all.at(-1)?.sam).toEqual({ present: true, serial: 'SAM-9901', atr });
  }, 30_000);

  test('a card that lies there: its public files are read, and the rest is said to be the vendor’s', async () => {
    const card = await lay();
    await pcscd.slotIs(0, 'taken');
    await ready();
    const { steps, result } = await gateway.read();
    expect(steps).toEqual(['WAITING_FOR_CARD', 'CARD_FOUND', 'HOLD_STILL']);
    expect(result).toEqual({ outcome: 'SAM_FAULT', tries: 0 });
    expect(card.commands.slice(0, 3)).toEqual(['00a40000027f0a', '00a40000026ff2', '00b0000070']);
    // 23 blocks of at most 112 bytes
    expect(card.commands.filter((command) => command.startsWith('00b0'))).toHaveLength(23);
  }, 30_000);

  test('a card that is laid down while the counter waits', async () => {
    const readId = await begunUntil('WAITING_FOR_CARD');
    await lay();
    expect(await ending(readId)).toBe('SAM_FAULT');
  }, 30_000);

  test('taken away in the middle of a command', async () => {
    await lay(ktp(photo, (_apdu, n) => (n === 5 ? 'leave' : undefined)));
    expect(await outcome()).toBe('CARD_REMOVED');
  }, 30_000);

  test('swapped in the middle: the read of the first ends, and the second is not asked', async () => {
    let second: Promise<VirtualCard> | undefined;
    const swap = async () => {
      await pcscd.slotIs(0, 'empty');
      return lay();
    };
    await lay(
      ktp(photo, (_apdu, n) => {
        if (n !== 4) return undefined;
        second = swap();
        return 'leave';
      }),
    );
    expect(await outcome()).toBe('CARD_REMOVED');
    expect((await second)?.commands).toEqual([]);
    expect(await outcome()).toBe('SAM_FAULT');
  }, 30_000);

  test('swapped faster than pcscd looks: the read ends all the same, and never goes on with the second', async () => {
    let second: Promise<VirtualCard> | undefined;
    await lay(
      ktp(photo, (_apdu, n) => {
        if (n !== 4) return undefined;
        second = lay();
        return 'leave';
      }),
    );
    expect(await outcome()).toMatch(/^CARD_(REMOVED|UNREADABLE)$/);
    expect((await second)?.commands).toEqual([]);
  }, 30_000);

  test('a card that is no KTP-el', async () => {
    await lay(() => hex('6a82'));
    expect(await outcome()).toBe('CARD_UNKNOWN');
  }, 30_000);

  const blocks = (data: Buffer): Answerer =>
    ktp(photo, (apdu) => (apdu[1] === 0xb0 ? Buffer.concat([data, hex('9000')]) : undefined));
  test.each<[string, Answerer]>([
    ['one byte', () => hex('90')],
    ['a status that nobody knows', () => hex('1234')],
    ['random bytes', () => Buffer.alloc(200, 0xa7)],
    ['more than was asked', blocks(Buffer.alloc(200))],
    ['a file without an end', blocks(Buffer.alloc(112))],
    ['an empty photo', ktp(Buffer.alloc(0))],
    ['a fault in the middle', ktp(photo, (_apdu, n) => (n === 9 ? hex('6f00') : undefined))],
  ])(
    'garbage: %s',
    async (_what, answer) => {
      await lay(answer);
      expect(await outcome()).toBe('CARD_UNREADABLE');
    },
    30_000,
  );

  test('a card that stops answering: told in time, the reader is out of order until it is taken away', async () => {
    const mute = await lay(ktp(photo, (_apdu, n) => (n === 3 ? 'mute' : undefined)));
    expect(await outcome()).toBe('CARD_UNREADABLE');
    await told(({ faults }) => faults.includes('READER_FAULT'));
    expect((await gateway.begin()).answer).toMatchObject({ error: { code: 'READER_NOT_READY' } });
    await mute.remove();
    await pcscd.slotIs(0, 'empty');
    await lay();
    expect(await outcome()).toBe('SAM_FAULT');
  }, 30_000);

  test('a card without a sensible ATR', async () => {
    await lay(ktp(photo), hex('00'));
    expect(await outcome()).toBe('CARD_UNREADABLE');
  }, 30_000);

  test('cancelled while it waits for a card', async () => {
    const readId = await begunUntil('WAITING_FOR_CARD');
    await gateway.cancel(readId);
    expect(await ending(readId)).toBe('CANCELLED');
  }, 30_000);

  test('the photo is in no message', () => {
    for (const form of ['photo of nobody', photo.toString('hex', 0, 64), photo.subarray(0, 63).toString('base64')])
      expect(broker.captured.all.filter(({ bytes }) => bytes.includes(form))).toEqual([]);
  });

  test('200 reads in a row leave no file open and no memory behind', async () => {
    // a small photo: each command to the virtual reader takes 40 ms
    await lay(ktp(photo.subarray(0, 100)));
    const reads = async (count: number) => {
      for (let n = 0; n < count; n++) expect(await outcome()).toBe('SAM_FAULT');
    };
    await reads(60);
    const before = { files: agent.openFiles(), rss: agent.rss() };
    await reads(200);
    const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
    process.stdout.write(`pcsc after 60 reads: ${mb(before.rss)}, after 200 more: ${mb(agent.rss())}\n`);
    expect(agent.openFiles()).toBe(before.files);
    expect(agent.rss() - before.rss).toBeLessThan(8 * 1024 * 1024);
  }, 120_000);

  test('pcscd is killed in the middle of a read, and restarted', async () => {
    await lay(
      ktp(photo, (_apdu, n) => {
        if (n === 4) void pcscd.kill();
        return n >= 4 ? 'mute' : undefined;
      }),
    );
    expect(await outcome()).toBe('READER_FAULT');
    await told(({ faults }) => faults.includes('NO_DRIVER'));
    await sam.remove();
    await Promise.all(cards.splice(0).map((card) => card.remove()));
    await pcscd.launch();
    sam = await VirtualCard.insert(pcscd.port + 1, samAtr, () => 'mute');
    await lay();
    expect(await outcome()).toBe('SAM_FAULT');
  }, 30_000);

  test('the reader is unplugged while it waits, and plugged in again', async () => {
    const readId = await begunUntil('WAITING_FOR_CARD');
    writeFileSync(pcscd.unplugSwitch, '');
    pcscd.lookForReaders();
    // its SAM's slot may be the first that is missed
    expect(await ending(readId)).toMatch(/^(READER|SAM)_FAULT$/);
    await told(({ faults }) => faults.includes('NO_READER'));
    await sam.remove();
    rmSync(pcscd.unplugSwitch);
    pcscd.lookForReaders();
    await told(({ faults }) => faults.includes('NO_SAM'));
    sam = await VirtualCard.insert(pcscd.port + 1, samAtr, () => 'mute');
    await lay();
    expect(await outcome()).toBe('SAM_FAULT');
  }, 30_000);
});
