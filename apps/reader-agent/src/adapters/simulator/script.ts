import { z } from 'zod';
import { readerFaults } from '#contracts/readers/agent';
import { readOutcomes } from '#contracts/readers/result';
import { demoReads } from './demo-script.js';
import { ReadPlan } from './read-plan.js';

export const SamPlan = z.strictObject({
  present: z.boolean(),
  serial: z.string().nullable(),
  atr: z.string().nullable(),
});

export const SimulatorScript = z.strictObject({
  reader: z.string().nullable().default('Simulator'),
  sam: SamPlan.default({ present: true, serial: 'SAM-9901', atr: '3B00' }),
  /** How long a step seems to take, milliseconds. */
  stepMs: z.int().min(0).max(60_000).default(600),
  /** One after the other, and again from the first. */
  reads: z.array(ReadPlan).min(1).default(demoReads),
});
export type SimulatorScript = z.infer<typeof SimulatorScript>;

/** Orders on standard input, one JSON per line: what a person at the counter or a fault of the device would do. */
export const Control = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('script'), reads: z.array(ReadPlan).min(1) }),
  z.strictObject({ do: z.literal('remove-card') }),
  z.strictObject({ do: z.literal('sam'), sam: SamPlan }),
  z.strictObject({ do: z.literal('unplug') }),
  z.strictObject({ do: z.literal('plug') }),
  z.strictObject({ do: z.literal('faults'), faults: z.array(z.enum(readerFaults)) }),
  z.strictObject({ do: z.literal('rest') }),
  z.strictObject({
    do: z.literal('standalone'),
    outcome: z.enum(readOutcomes),
    tries: z.int().min(0).max(4).default(1),
  }),
]);
export type Control = z.infer<typeof Control>;
