import { isDeepStrictEqual } from 'node:util';
import { IsNull } from 'typeorm';
import type { AgreementTerms, InstitutionFile } from '#contracts';
import { Agreement } from '../access/entities.js';
import { Proposal } from '../administration/entities.js';
import { addAgreementVersion, createAgreement, recordSptjm } from '../agreements/agreement-acts.js';
import { getAgreementFile, type AgreementFile } from '../agreements/agreement-detail.js';
import type { ImportSteps } from './import-steps.js';

/** The agreement with SPTJM and versions; versions that are on file must be what the file says. */
export async function importAgreement(
  steps: ImportSteps,
  { agreement: wanted }: InstitutionFile,
  approve: boolean,
): Promise<void> {
  if (!wanted) return;
  const { manager, institution } = steps.context;
  const id = await steps.attempt('file.agreement', async () => {
    const found = await manager.findOneBy(Agreement, { institutionId: institution.id, number: wanted.number });
    if (found) return found.id;
    const { number, counterpartNumber, signedOn } = wanted;
    const done = await steps.perform(createAgreement, { number, counterpartNumber, signedOn });
    steps.changed(`perjanjian ${number}`);
    return done.result.id;
  });
  if (id === undefined) return;
  const file = await getAgreementFile(manager, institution.id, id);
  const { sptjm } = wanted;
  if (sptjm && !file.sptjm.some((one) => one.number === sptjm.number && one.documentSha256 === sptjm.documentSha256))
    await steps.attempt('file.agreement.sptjm', async () => {
      await steps.perform(recordSptjm, { agreementId: id, sptjm });
      steps.changed(`SPTJM ${sptjm.number}`);
    });
  for (const [index, terms] of wanted.versions.entries())
    await steps.attempt(`file.agreement.versions.${index}`, () => importVersion(steps, file, index, terms, approve));
}

async function importVersion(
  steps: ImportSteps,
  file: AgreementFile,
  index: number,
  terms: AgreementTerms,
  approve: boolean,
): Promise<void> {
  const onFile = file.versions[index];
  if (onFile) {
    if (!saysTheSame(onFile, terms))
      steps.fault(
        `file.agreement.versions.${index}`,
        `Versi ${index + 1} sudah tercatat dengan isi lain. Versi tidak pernah diubah: tambahkan versi baru.`,
      );
    return;
  }
  // with its history as long as nothing is on file; later it is an addendum like any other
  const origin = approve ? ('seed' as const) : file.versions.length === 0 ? ('file' as const) : undefined;
  const input = { agreementId: file.agreement.id, terms, ...(origin ? { origin } : {}) };
  if (approve) await steps.perform(addAgreementVersion, input);
  else if (await isProposed(steps, input)) return;
  else await steps.propose(addAgreementVersion, input);
  steps.changed(`versi ${index + 1} perjanjian`);
}

function saysTheSame(onFile: AgreementFile['versions'][number], wanted: AgreementTerms): boolean {
  const keys = ['effectiveFrom', 'validFrom', 'validUntil', 'dailyQuota'] as const;
  return keys.every((key) => onFile[key] === wanted[key]);
}

/** The same file given twice proposes once. */
async function isProposed({ context: { manager, institution } }: ImportSteps, input: object): Promise<boolean> {
  const open = await manager.findBy(Proposal, {
    institutionId: institution.id,
    act: addAgreementVersion.name,
    decision: IsNull(),
  });
  return open.some((proposal) => isDeepStrictEqual(proposal.input, JSON.parse(JSON.stringify(input))));
}
