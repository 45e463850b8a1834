import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { metrics } from '#service';
import { BalikanOutbox } from '../../../../test/support/balikan-outbox.js';
import { Figures } from './figures.js';
import { Lanes } from './lanes.repository.js';

let fixture: BalikanOutbox;

beforeAll(async () => {
  fixture = await BalikanOutbox.create();
});
afterAll(() => fixture.drop());

test('tell what waits, what is dead, how old it is and how the lanes stand; and name no institution', async () => {
  const [office, other] = await Promise.all([fixture.office(), fixture.office()]);
  const [dead] = await office.accept(3);
  await other.accept(1);
  await fixture.pool.query("UPDATE balikan.record SET state = 'DEAD' WHERE id = $1", [dead]);
  const lanes = new Lanes(fixture.pool);
  await lanes.pause(other.institutionId, null, 'uji');
  await lanes.switchAll(false, null, 'uji');
  await fixture.pass(3_600_000);
  await new Figures(fixture.pool).measure();
  const text = await metrics.metrics();
  for (const line of [
    'gerbang_balikan_records{state="WAITING"} 3',
    'gerbang_balikan_records{state="DEAD"} 1',
    'gerbang_balikan_lanes{state="ready"} 1',
    'gerbang_balikan_lanes{state="paused"} 1',
    'gerbang_balikan_sending 0',
  ])
    expect(text).toContain(line);
  expect(text).toMatch(/gerbang_balikan_oldest_waiting_seconds 36\d\d/);
  expect(text).not.toContain(office.institutionId);
});
