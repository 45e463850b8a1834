import { fromBase64 } from '../bytes.js';
import { type BundleHeader } from '../bundle.js';
import { parseVerifierKey } from '../keys.js';
import { parseOrigin } from '../origin.js';
import { Frontier } from '../tree.js';
import { type Findings } from './findings.js';
import { malformed } from './of-log.js';
import { TrustedKeys } from './trusted-keys.js';

/** The keys that the bundle tells, of which one that cannot be read is told. */
export function keysOfBundle(header: BundleHeader, findings: Findings): TrustedKeys {
  const good = header.keys.filter((key) => parseVerifierKey(key) !== undefined);
  if (good.length < header.keys.length) {
    findings.add(malformed('a key in the first line is not a verifier key', 'kunci di baris pertama tidak terbaca', 1));
  }
  return new TrustedKeys(good);
}

export function checkHeader({ origin, institution, exportedAt }: BundleHeader, findings: Findings): void {
  const parsed = parseOrigin(origin);
  if (parsed?.institution === institution.id && !Number.isNaN(Date.parse(exportedAt))) return;
  findings.add(
    malformed('the first line contradicts itself or its origin', 'isi baris pertama saling bertentangan', 1),
  );
}

/** The tree of what lies before the bundle; nothing when it cannot be read. */
export function beginning({ from, before }: BundleHeader, findings: Findings): Frontier | undefined {
  const roots = before.map(fromBase64).filter((root) => root !== undefined);
  try {
    return new Frontier(from, roots);
  } catch {
    findings.add(
      malformed(
        `the roots of the first ${from} leaves are not as many as there have to be`,
        `keterangan tentang ${from} peristiwa sebelumnya tidak lengkap`,
        1,
      ),
    );
    return undefined;
  }
}
