import { In, type EntityManager } from 'typeorm';
import type { OperatorDetail } from '#contracts';
import { AppError } from '#service';
import { Nda, Operator } from '../access/entities.js';
import { conflict, type ActContext } from '../administration/act.js';
import { isUuid } from '../administration/visible-institution.js';
import { Account } from '../sessions/entities.js';

/** @throws {AppError} RESOURCE_NOT_FOUND also for somebody of another institution */
export async function getOperator({ manager, institution }: ActContext, id: string): Promise<Operator> {
  const operator = isUuid(id) ? await manager.findOneBy(Operator, { id, institutionId: institution.id }) : null;
  if (!operator) throw new AppError('RESOURCE_NOT_FOUND');
  return operator;
}

/** Where somebody stands on a day. */
export function operatorState(
  { revokedAt, activeFrom, activeUntil }: Pick<Operator, 'revokedAt' | 'activeFrom' | 'activeUntil'>,
  today: string,
): OperatorDetail['state'] {
  if (revokedAt) return 'revoked';
  if (activeUntil !== null && activeUntil < today) return 'ended';
  return activeFrom > today ? 'not-started' : 'active';
}

/** Whether the assignment is over: only a new one brings the person back. */
export function isGone(operator: Operator, today: string): boolean {
  return ['revoked', 'ended'].includes(operatorState(operator, today));
}

/** @throws {AppError} STATE_CONFLICT */
export function requireNotGone(operator: Operator, today: string, path = 'operatorId'): void {
  if (isGone(operator, today))
    throw conflict('Akses orang ini sudah dicabut atau masa tugasnya habis. Ajukan pengaktifan kembali dulu.', path);
}

/** The latest NDA of an assignment (O-17). */
export function findNda(manager: EntityManager, { id, assignment }: Operator): Promise<Nda | null> {
  return manager.findOne(Nda, { where: { operatorId: id, assignment }, order: { id: 'DESC' } });
}

/** Reads somebody again, for the answer. */
export async function operatorDetail(context: ActContext, id: string): Promise<OperatorDetail> {
  const operator = await context.manager.findOneByOrFail(Operator, { id });
  const nda = await findNda(context.manager, operator);
  const account = await context.manager.findOneBy(Account, { operatorId: id });
  return describeOperator(operator, nda, account, context.today);
}

/** Everybody of the institution. */
export async function listOperatorDetails({ manager, institution, today }: ActContext): Promise<OperatorDetail[]> {
  const operators = await manager.find(Operator, {
    where: { institutionId: institution.id },
    order: { userIdLokal: 'ASC' },
  });
  const operatorId = In(operators.map(({ id }) => id));
  const ndas = await manager.find(Nda, { where: { operatorId }, order: { id: 'ASC' } });
  const accounts = await manager.findBy(Account, { operatorId });
  // ascending: of several, the latest stays
  const ndaOf = new Map(ndas.map((nda) => [`${nda.operatorId} ${nda.assignment}`, nda]));
  const accountOf = new Map(accounts.map((account) => [account.operatorId, account]));
  return operators.map((one) =>
    describeOperator(one, ndaOf.get(`${one.id} ${one.assignment}`) ?? null, accountOf.get(one.id) ?? null, today),
  );
}

function describeOperator(operator: Operator, nda: Nda | null, account: Account | null, today: string): OperatorDetail {
  const { institutionId: _, nikSealed, revokedAt: __, ...shown } = operator;
  return {
    ...shown,
    nikOnFile: nikSealed !== null,
    state: operatorState(operator, today),
    nda: nda && { number: nda.number, signedOn: nda.signedOn, documentSha256: nda.documentSha256 },
    account: account && {
      username: account.username,
      activated: account.passwordHash !== null,
      secondFactor: account.totpConfirmedAt !== null,
      activationExpiresAt: account.activationExpiresAt?.toISOString() ?? null,
    },
  };
}
