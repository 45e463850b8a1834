import { z } from 'zod';
import { Reason } from '../administration/parts.js';

/** How the sending of one institution's records stands. */
export const BalikanDelivery = z
  .strictObject({
    state: z.enum(['SENDING', 'PAUSED', 'STOPPED', 'INTERRUPTED', 'ACCESS_BROKEN', 'NOT_CONFIGURED']).meta({
      description:
        'PAUSED: for this institution, by a person; STOPPED: for the whole installation; INTERRUPTED: the ministry does not answer, tried again by itself; ACCESS_BROKEN: it refused the token of two records in a row, a person has to mend it',
    }),
    since: z.iso.datetime().nullable(),
    until: z.iso.datetime().nullable().meta({ description: 'INTERRUPTED: when it is tried again' }),
    reason: z.string().nullable(),
    waiting: z.int(),
    oldestWaitingAt: z.iso.datetime().nullable(),
    dead: z.int(),
    packed: z.int(),
    delivered: z.int(),
    handedOver: z.int(),
  })
  .meta({ id: 'BalikanDelivery' });
export type BalikanDelivery = z.infer<typeof BalikanDelivery>;

/** PAUSE, RESUME: this institution. Resuming also ends ACCESS_BROKEN and INTERRUPTED. */
export const BalikanDeliveryChange = z
  .strictObject({ sending: z.boolean(), reason: Reason })
  .meta({ id: 'BalikanDeliveryChange' });
export type BalikanDeliveryChange = z.infer<typeof BalikanDeliveryChange>;

export const BalikanRetry = z.strictObject({ reason: Reason }).meta({ id: 'BalikanRetry' });
export const BalikanRetried = z
  .strictObject({ records: z.int().meta({ description: 'Dead ones that wait again' }) })
  .meta({ id: 'BalikanRetried' });
export type BalikanRetried = z.infer<typeof BalikanRetried>;
