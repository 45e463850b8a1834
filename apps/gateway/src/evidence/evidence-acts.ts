import { z } from 'zod';
import { acknowledgeRollback, type EvidenceGap } from '#contracts';
import { toAppError, type RpcClient } from '#service';
import { defineAct, type ActContext, type Done } from '../administration/act.js';

/** The log is looked at, the next generation opened and signed. */
const deadlineMs = 15_000;

export const makeEvidenceActs = (bus: Pick<RpcClient, 'call'>) => ({
  /**
   * Says that the database was set back behind a checkpoint, so that evidence goes on. It cannot be taken back with this
   * transaction: an attempt of which nobody knows how it ended is on record too.
   */
  acknowledgeRollback: defineAct({
    name: 'evidence.acknowledge-rollback',
    input: z.strictObject({ why: z.string() }),
    async perform({ why }, { institution, actor }: ActContext): Promise<Done<z.infer<typeof EvidenceGap>>> {
      const subject = { type: 'evidence', id: institution.id };
      const acknowledgedBy = actor.kind === 'person' ? actor.operatorId : null;
      try {
        const gap = await bus.call(
          acknowledgeRollback,
          { institutionId: institution.id, acknowledgedBy, reason: why },
          { deadlineMs },
        );
        return { subject, before: null, after: gap, result: gap };
      } catch (error) {
        const failure = toAppError(error);
        // there is no gap: nothing was done
        if (failure.code === 'STATE_CONFLICT') throw failure;
        return { subject, before: null, after: null, result: undefined as never, failure };
      }
    },
  }),
});
