import { existsSync, readFileSync } from 'node:fs';
import { InstitutionFile } from '#contracts';
import { demoInstitution, expiredInstitution, overseeingInstitution, type DemoSecrets } from './demo.js';
import { writeJson } from './write-json.js';

type Agreement = NonNullable<InstitutionFile['agreement']>;

/** The three institutions of the demo; the agreement in force is kept at `path`. */
export function currentDemo(path: string, secrets: DemoSecrets, sandboxUrl: string): InstitutionFile[] {
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  const fresh = demoInstitution(secrets, sandboxUrl, today);
  const agreement = currentAgreement(path, fresh.agreement, today);
  return [{ ...fresh, agreement }, expiredInstitution(secrets), overseeingInstitution(today)].map((file) =>
    InstitutionFile.parse(file),
  );
}

/** As it was first made, because versions never change; past its end it is extended by an addendum. */
function currentAgreement(path: string, fresh: Agreement, today: string): Agreement {
  const agreement = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Agreement) : fresh;
  if ((agreement.versions.at(-1)?.validUntil ?? '') < today) {
    agreement.versions.push(...fresh.versions.map((version) => ({ ...version, effectiveFrom: today })));
  }
  writeJson(path, agreement);
  return agreement;
}
