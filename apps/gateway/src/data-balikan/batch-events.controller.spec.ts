import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decideBalikanBatch, getBatch, type Batch } from '#contracts';
import { AppError } from '#service';
import { until } from '../../../../test/support/until.js';
import { AppFixture } from './app-fixture.js';
import { BatchEventsController } from './batch-events.controller.js';

const held = decideBalikanBatch.response.examples.held;
const pace = { pollMs: 10, heartbeatMs: 60_000, mostMs: 60_000 };

let fixture: AppFixture;
let now: Batch;
let looked: number;

const checking = (rows: number): Batch => ({
  ...held,
  notes: [...held.notes],
  state: 'CHECKING',
  finishedAt: null,
  progress: { rows, percent: rows },
});

async function begin(changed: Partial<typeof pace> = {}): Promise<void> {
  await fixture?.stop();
  [now, looked] = [checking(0), 0];
  fixture = await AppFixture.start([BatchEventsController], { pace: { ...pace, ...changed } });
  fixture.answer = async (rpc) => {
    if (rpc !== getBatch) throw new Error('nothing else is asked');
    looked += 1;
    return now;
  };
}
beforeEach(() => begin());
afterEach(() => fixture.stop());

const watch = (signal?: AbortSignal) =>
  fetch(`${fixture.url}/v1/data-balikan/batches/${held.id}/events`, signal ? { signal } : {});

/** What has come so far; `over` when the stream has ended. */
class Reader {
  text = '';
  over = false;

  constructor(answer: Response) {
    void this.read(answer);
  }

  get rows(): number[] {
    return this.text
      .split('\n\n')
      .filter((event) => event.startsWith('event: batch\ndata: '))
      .map((event) => (JSON.parse(event.slice(event.indexOf('{'))) as Batch).progress.rows);
  }

  private async read(answer: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body ?? []) this.text += decoder.decode(chunk as Uint8Array, { stream: true });
    } catch {
      this.text += 'broken off';
    }
    this.over = true;
  }
}

describe('whoever watches a batch', () => {
  test('is told how it stands, each change once, and its end', async () => {
    const answer = await watch();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const reader = new Reader(answer);
    await until(() => reader.rows.length === 1);
    const before = looked;
    await until(() => looked > before + 3);
    now = checking(50);
    await until(() => reader.rows.length === 2);
    now = { ...checking(100), state: 'DONE' };
    await until(() => reader.over);
    expect(reader.rows).toEqual([0, 50, 100]);
    expect(reader.text).not.toContain('broken off');
    expect(fixture.confirmed).toBeGreaterThan(3);
  });

  test('hears at once of one that is over', async () => {
    now = { ...checking(7), state: 'REFUSED' };
    const reader = new Reader(await watch());
    await until(() => reader.over);
    expect(reader.rows).toEqual([7]);
  });

  test('is kept awake without news', async () => {
    await begin({ heartbeatMs: 20 });
    const reader = new Reader(await watch());
    await until(() => reader.text.endsWith(':\n\n:\n\n'));
    expect(reader.rows).toEqual([0]);
  });

  test('hears nothing more when access ends', async () => {
    const reader = new Reader(await watch());
    await until(() => reader.rows.length === 1);
    fixture.revoked = 'SESSION_EXPIRED';
    now = checking(99);
    await until(() => reader.over);
    expect(reader.rows).toEqual([0]);
  });

  test('comes back when the service was away', async () => {
    const reader = new Reader(await watch());
    await until(() => reader.rows.length === 1);
    fixture.answer = async () => {
      throw new AppError('SERVICE_UNAVAILABLE');
    };
    await until(() => reader.over);
    expect(reader.text).not.toContain('broken off');
  });

  test('is sent away after a while', async () => {
    await begin({ mostMs: 50 });
    const reader = new Reader(await watch());
    await until(() => reader.over);
    expect(reader.rows).toEqual([0]);
  });

  test('that is not there is told so', async () => {
    fixture.answer = async () => {
      throw new AppError('RESOURCE_NOT_FOUND');
    };
    expect(await (await watch()).json()).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('and goes away is looked after no longer', async () => {
    const gone = new AbortController();
    new Reader(await watch(gone.signal));
    gone.abort();
    let before = -1;
    await until(() => {
      const still = looked === before;
      before = looked;
      return still;
    });
  });

  test('does not hold up a shutdown', async () => {
    const reader = new Reader(await watch());
    await until(() => reader.rows.length === 1);
    await fixture.app.close();
    await until(() => reader.over);
    expect(reader.text).not.toContain('broken off');
    await begin();
  });
});

describe('of watchers at the same time', () => {
  test('there are fifty; a place is free again when one goes', async () => {
    const gone = new AbortController();
    for (let n = 0; n < 50; n++) new Reader(await watch(gone.signal));
    expect(await (await watch()).json()).toMatchObject({ code: 'OVERLOADED' });
    gone.abort();
    await until(async () => {
      const answer = await watch();
      await answer.body?.cancel();
      return answer.status === 200;
    });
  });

  test('HEAD keeps no place', async () => {
    const url = `${fixture.url}/v1/data-balikan/batches/${held.id}/events`;
    for (let n = 0; n < 60; n++) expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });
});
