import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type SandboxFixture } from '../../test/sandbox-fixture.js';
import { bodyOf, exchange } from '../../test/raw-exchange.js';

let sandbox: SandboxFixture;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
});

const inject = (fault: object) => sandbox.inject(fault);
const hits = async () => (await sandbox.state()).consumers[0]?.hits;

describe('faults of the connection', () => {
  it.each([
    ['drop-before-count', 'FIN', 0],
    ['drop-after-count', 'FIN', 1],
    ['reset', 'ECONNRESET', 0],
    ['hang-before-count', 'timeout', 0],
    ['hang-after-count', 'timeout', 1],
  ])('%s ends in %s and %d hits', async (kind, ended, counted) => {
    await inject({ kind });
    expect(await exchange(sandbox, 300)).toMatchObject({ text: '', ended });
    expect(await hits()).toBe(counted);
  });

  it.each([
    ['drop-before-count', true, 1],
    ['drop-after-count', false, 0],
    ['reset', true, 1],
    ['garbage', false, 0],
  ])('%s with count: %s makes %d hits', async (kind, count, counted) => {
    await inject({ kind, count });
    await exchange(sandbox);
    expect(await hits()).toBe(counted);
  });

  it('latency keeps the right answer back, counted, and shows as in flight', async () => {
    await inject({ kind: 'latency', ms: 250 });
    const waiting = exchange(sandbox);
    let state = await sandbox.state();
    while (state.inFlight === 0) state = await sandbox.state();
    expect(state.consumers[0]?.hits).toBe(1);
    const { text, ms } = await waiting;
    expect(text).toContain('SITI CONTOH');
    expect(ms).toBeGreaterThanOrEqual(245);
    expect((await sandbox.state()).inFlight).toBe(0);
  });

  it('latency goes together with another fault', async () => {
    await inject({ kind: 'latency', ms: 100 });
    await inject({ kind: 'status', status: 503 });
    const { text, ms } = await exchange(sandbox);
    expect(text).toMatch(/^HTTP\/1.1 503/);
    expect(ms).toBeGreaterThanOrEqual(95);
    expect(await hits()).toBe(0);
  });

  it('slow-drip takes its time over the right answer', async () => {
    await inject({ kind: 'slow-drip', bytesPerSecond: 2000 });
    const { text, ms } = await exchange(sandbox);
    expect(JSON.parse(bodyOf(text))).toHaveProperty('content');
    expect(ms).toBeGreaterThan((bodyOf(text).length / 2000) * 1000 - 10);
    expect(await hits()).toBe(1);
  });
});
