import { randomUUID } from 'node:crypto';
import { until, type Tour } from './tour.js';

/** The same look-up more than once: under an Idempotency-Key, and several at a time. */
export async function driveRepeats(tour: Tour): Promise<void> {
  const { caller } = tour;
  const office = tour.office('main');
  const canary = await tour.canaries.of('repeated');
  const other = await tour.canaries.of('repeated, another person under the same key');
  const key = { headers: { 'idempotency-key': randomUUID() } };
  await caller.verify('under an Idempotency-Key', office, { nik: canary.nik }, key);
  await caller.verify('the same Idempotency-Key again', office, { nik: canary.nik }, key);
  await caller.verify('the same Idempotency-Key for another person', office, { nik: other.nik }, key);

  const together = await tour.canaries.of('several at a time');
  await tour.sandbox.fault({ kind: 'latency', ms: 400, nik: together.nik });
  const same = { headers: { 'idempotency-key': randomUUID() } };
  const first = [
    caller.verify('identical look-ups at a time', office, { nik: together.nik }),
    caller.verify(
      'under an Idempotency-Key, while it is on its way',
      office,
      { nik: together.nik, fields: ['nik'] },
      same,
    ),
  ];
  await until('look-ups are on their way', async () => (await tour.sandbox.inFlight()) === 2);
  await Promise.all([
    ...first,
    caller.verify('identical look-ups at a time', office, { nik: together.nik }),
    caller.verify(
      'under an Idempotency-Key, while it is on its way',
      office,
      { nik: together.nik, fields: ['nik'] },
      same,
    ),
  ]);
  await tour.sandbox.clearFaults();
}
