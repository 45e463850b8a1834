import { z } from 'zod';
import { NewReaderException, ReaderExceptionDecision } from '#contracts';
import { AppError } from '#service';
import { conflict, defineAct, type ActContext } from '../administration/act.js';
import { isUuid } from '../administration/visible-institution.js';
import { ReaderException, ReaderRead } from './entities.js';
import { exceptionDetail } from './exception-detail.js';
import { getReader } from './reader-detail.js';

/** Who acts in person; at the machine itself there is no counter. */
function personOf({ actor }: ActContext): string {
  if (actor.kind !== 'person') throw new AppError('OPERATOR_REQUIRED');
  return actor.operatorId;
}

export const requestException = defineAct({
  name: 'reader-exception.request',
  input: NewReaderException.extend({ readerId: z.string() }),
  async perform({ readerId, purpose, reason, note, readId }, context) {
    const { manager, institution, now } = context;
    await getReader(context, readerId);
    if (readId !== undefined && !(await manager.existsBy(ReaderRead, { id: readId, readerId })))
      throw new AppError('RESOURCE_NOT_FOUND');
    const { identifiers } = await manager.insert(ReaderException, {
      readerId,
      institutionId: institution.id,
      readId: readId ?? null,
      ...purpose,
      reason,
      note,
      requestedBy: personOf(context),
      requestedAt: now,
    });
    const { id } = identifiers[0] as { id: string };
    return {
      subject: { type: 'reader-exception', id },
      before: null,
      after: { readerId, readId: readId ?? null, ...purpose, exception: reason },
      result: await exceptionDetail(manager, id),
    };
  },
});

export const decideException = defineAct({
  name: 'reader-exception.decide',
  input: ReaderExceptionDecision.extend({ id: z.string() }),
  async perform({ id, decision, note }, context) {
    const { manager, institution, now } = context;
    const where = { id, institutionId: institution.id };
    const found = isUuid(id) ? await manager.findOneBy(ReaderException, where) : null;
    if (!found) throw new AppError('RESOURCE_NOT_FOUND');
    const decidedBy = personOf(context);
    if (found.requestedBy === decidedBy) throw new AppError('SECOND_PERSON_REQUIRED');
    if (found.decision !== null) throw conflict('Pengecualian ini sudah diputuskan.', 'id');
    await manager.update(ReaderException, { id }, { decision, decidedBy, decidedAt: now, decisionNote: note });
    return {
      subject: { type: 'reader-exception', id },
      before: { decision: null },
      after: { decision },
      result: await exceptionDetail(manager, id),
    };
  },
});
