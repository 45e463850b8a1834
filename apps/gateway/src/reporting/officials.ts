import { In, type EntityManager } from 'typeorm';
import type { readLetter, RpcInput } from '#contracts';
import type { SealingKey } from '#service/keys/sealing-key';
import { Operator } from '../access/entities.js';

export type Official = RpcInput<typeof readLetter>['officials'][number];

/** The O-05 columns of exactly these officials of an office, their NIK opened: for one letter, and kept nowhere. */
export async function findOfficials(
  manager: EntityManager,
  sealing: SealingKey,
  institutionId: string,
  ids: readonly string[],
): Promise<Official[]> {
  const rows = await manager.findBy(Operator, { id: In(ids), institutionId });
  return Promise.all(
    rows.map(async ({ id, nikSealed, employmentStatus, officeName, officeAddress, officeRegionCode }) => ({
      id,
      nik: nikSealed && (await sealing.open(nikSealed, `nik:${id}`)),
      ...{ employmentStatus, officeName, officeAddress, officeRegionCode },
    })),
  );
}
