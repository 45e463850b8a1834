import { z } from 'zod';

const minuteOfDay = z.number().int().min(0).max(1440);

/** Who may call: one User ID as the ministry hands it out, with the path, the addresses and the quota that go with it. */
export const Consumer = z.strictObject({
  /** The opaque path that the ministry sets for an institution; several User IDs may share it. */
  pathPrefix: z
    .string()
    .regex(/^\/.*[^/]$/, 'must start with / and not end with /')
    .refine((path) => !path.startsWith('/_control'), 'must not lie under /_control'),
  userId: z.string().min(1),
  password: z.string().min(1),
  /** Bearer token for data balikan; without one, it is made together with the consumer. */
  token: z.string().min(1).optional(),
  /** The addresses that `ip_user` in the body may name. Empty: none is registered yet. */
  ips: z.array(z.string().min(1)),
  /** Hits per calendar day in Jakarta. */
  quota: z.number().int().min(0).default(1000),
  /** A: errors as a text in `RESPON`. B: `RESPONSE_CODE` with `RESPONSE_DESC`. */
  generation: z.enum(['A', 'B']).default('B'),
  /** Newer servers add the hits that are left to every answer. */
  quotaLimiter: z.boolean().default(true),
  /** Whether "not found" costs a hit; nobody outside the ministry knows. */
  countsNotFound: z.boolean().default(true),
  /** Minutes of the day in WIB, `from` inclusive, `to` exclusive; `from` later than `to` spans midnight. */
  hours: z.strictObject({ from: minuteOfDay, to: minuteOfDay }).optional(),
});
export type Consumer = z.output<typeof Consumer>;

export const ConsumerList = z.array(Consumer);

/** Whether the service is open to this consumer at this minute of the day in WIB. */
export function isOpen(consumer: Consumer, minute: number): boolean {
  if (consumer.hours === undefined) return true;
  const { from, to } = consumer.hours;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
