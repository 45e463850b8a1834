import { elementNames } from '#contracts';
import type { AccessFacts, AgreementFacts, OperatorFacts } from '../../apps/gateway/src/access/access-facts.js';

export const today = '2026-06-15';
export const insideAddress = '10.1.2.3';

export const agreementFacts = (changes: Partial<AgreementFacts> = {}): AgreementFacts => ({
  id: '019ab3c4-5d6e-7f80-9123-000000000001',
  versionId: '019ab3c4-5d6e-7f80-9123-000000000002',
  version: 1,
  number: 'PKS/UJI',
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
  elements: [...elementNames],
  modes: ['LOOKUP', 'MATCH'],
  networks: ['10.0.0.0/8'],
  sptjmSignedOn: '2026-01-01',
  ...changes,
});

export const operatorFacts = (changes: Partial<OperatorFacts> = {}): OperatorFacts => ({
  id: '019ab3c4-5d6e-7f80-9123-000000000003',
  userIdLokal: 'loket1',
  role: 'operator',
  activeFrom: '2026-01-01',
  activeUntil: null,
  revoked: false,
  ndaSignedOn: '2026-01-01',
  ...changes,
});

/** Facts by which a look-up on 2026-06-15 is allowed, but for `changes`. */
export function accessFacts({
  client = {},
  ...changes
}: Partial<Omit<AccessFacts, 'client'>> & { client?: Partial<AccessFacts['client']> } = {}): AccessFacts {
  return {
    today,
    institution: { id: '019ab3c4-5d6e-7f80-9123-000000000004', name: 'Kecamatan Uji', regionCode: '33.98.01' },
    client: {
      id: 'uji',
      name: 'Aplikasi Uji',
      secretSha256: '0'.repeat(64),
      scopes: ['verifications:write'],
      elements: null,
      purposes: null,
      networks: null,
      revoked: false,
      burst: null,
      ...client,
    },
    operator: operatorFacts(),
    agreements: [agreementFacts()],
    ...changes,
  };
}
