import { In, MoreThan, type EntityManager } from 'typeorm';
import type { listPeople, RegisterPerson, RpcOutput } from '#contracts';
import { Nda, Operator } from '../access/entities.js';
import { toPage } from './page.js';

const mostPeople = 200;

/** Everybody who is or was with an office, by id; never a NIK. */
export async function pageOfPeople(
  manager: EntityManager,
  institutionId: string,
  after: string | null,
): Promise<RpcOutput<typeof listPeople>> {
  const rows = await manager.find(Operator, {
    where: { institutionId, ...(after === null ? {} : { id: MoreThan(after) }) },
    order: { id: 'ASC' },
    take: mostPeople + 1,
  });
  const ndas = await manager.find(Nda, {
    where: { operatorId: In(rows.map(({ id }) => id)) },
    order: { id: 'ASC' },
  });
  // ascending: of several, the latest stays
  const ndaOf = new Map(ndas.map((nda) => [`${nda.operatorId} ${nda.assignment}`, nda]));
  const people = rows.map((row) => personOf(row, ndaOf.get(`${row.id} ${row.assignment}`)));
  return toPage(people, mostPeople, (page) => ({ people: page }));
}

const personOf = (row: Operator, nda: Nda | undefined): RegisterPerson => ({
  id: row.id,
  userIdLokal: row.userIdLokal,
  name: row.fullName,
  nip: row.nip,
  position: row.position,
  role: row.role,
  workUnit: row.workUnit,
  activeFrom: row.activeFrom,
  activeUntil: row.activeUntil,
  revokedAt: row.revokedAt?.toISOString() ?? null,
  nda: nda ? { number: nda.number, signedOn: nda.signedOn } : null,
});
