import { existsSync, readFileSync } from 'node:fs';
import { InstitutionFile } from '#contracts';
import { demoInstitution, type DemoSecrets } from './demo.js';
import { writeJson } from './write-json.js';

/**
 * `Kecamatan Contoh` with its agreement as it was first made, which is kept at `path`, because versions never change; past
 * its end it is extended by an addendum.
 */
export function currentDemo(path: string, secrets: DemoSecrets, sandboxUrl: string): InstitutionFile {
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  const fresh = demoInstitution(secrets, sandboxUrl, today);
  const agreement = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as InstitutionFile['agreement'])
    : fresh.agreement;
  if ((agreement.versions.at(-1)?.validUntil ?? '') < today) {
    agreement.versions.push(...fresh.agreement.versions.map((version) => ({ ...version, effectiveFrom: today })));
  }
  writeJson(path, agreement);
  return InstitutionFile.parse({ ...fresh, agreement });
}
