import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ReceiptVerdict } from '#contracts';
import { Agreement, AgreementVersion, Institution } from '../access/entities.js';

type Verdict = z.infer<typeof ReceiptVerdict>;

/** Says the office and the agreement of a genuine receipt by their names; what the receipt itself says is left as it is. */
export async function withNames(
  verdict: Verdict & { receipt: NonNullable<Verdict['receipt']> },
  manager: EntityManager,
): Promise<Verdict> {
  const { receipt } = verdict;
  const institution = await manager.findOneBy(Institution, { id: receipt.institution.id });
  const version = await manager.findOneBy(AgreementVersion, { id: receipt.agreement.versionId });
  const agreement = version && (await manager.findOneBy(Agreement, { id: version.agreementId }));
  return {
    ...verdict,
    receipt: {
      ...receipt,
      institution: {
        id: receipt.institution.id,
        name: receipt.institution.name ?? institution?.name ?? null,
        regionCode: receipt.institution.regionCode ?? institution?.regionCode ?? null,
      },
      agreement: { ...receipt.agreement, number: receipt.agreement.number ?? agreement?.number ?? null },
    },
  };
}
