import { IsNull, LessThan, Not, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { ReaderExceptionDetail, ReaderExceptionPage, ReaderExceptionQuery } from '#contracts';
import { peopleOf } from '../administration/proposal-detail.js';
import { ReaderException } from './entities.js';

export async function exceptionDetail(manager: EntityManager, id: string): Promise<ReaderExceptionDetail> {
  const [detail] = await describe(manager, await manager.findBy(ReaderException, { id }));
  if (!detail) throw new Error('one exception has one detail');
  return detail;
}

/** @param by whose they are; all of the office by default */
export async function pageOfExceptions(
  manager: EntityManager,
  institutionId: string,
  { open, limit, before }: ReaderExceptionQuery,
  by?: string,
): Promise<ReaderExceptionPage> {
  const all: FindOptionsWhere<ReaderException> = { institutionId, ...(by === undefined ? {} : { requestedBy: by }) };
  const where = {
    ...all,
    ...(open === undefined ? {} : { decision: open === 'true' ? IsNull() : Not(IsNull()) }),
    ...(before === undefined ? {} : { id: LessThan(before) }),
  };
  const rows = await manager.find(ReaderException, { where, order: { id: 'DESC' }, take: limit + 1 });
  const page = rows.slice(0, limit);
  return {
    exceptions: await describe(manager, page),
    counts: {
      open: await manager.countBy(ReaderException, { ...all, decision: IsNull() }),
      approved: await manager.countBy(ReaderException, { ...all, decision: 'approved' }),
      rejected: await manager.countBy(ReaderException, { ...all, decision: 'rejected' }),
    },
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

async function describe(manager: EntityManager, rows: ReaderException[]): Promise<ReaderExceptionDetail[]> {
  const people = await peopleOf(
    manager,
    rows.flatMap(({ requestedBy, decidedBy }) => [requestedBy, decidedBy]),
  );
  return rows.map((row) => {
    const requestedBy = people(row.requestedBy);
    if (!requestedBy) throw new Error('whoever asked is on file');
    return {
      id: row.id,
      readerId: row.readerId,
      readId: row.readId,
      purpose: { service: row.service, reference: row.reference },
      reason: row.reason,
      note: row.note,
      requestedBy,
      requestedAt: row.requestedAt.toISOString(),
      decision: row.decision,
      decidedBy: people(row.decidedBy),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      decisionNote: row.decisionNote,
    };
  });
}
