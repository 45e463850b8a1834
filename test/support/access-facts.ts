import { elementNames } from '#contracts';
import type {
  AccessFacts,
  AgreementFacts,
  OperatorFacts,
  SessionFacts,
} from '../../apps/gateway/src/access/access-facts.js';

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
  over: false,
  closed: false,
  ...changes,
});

export const operatorFacts = (changes: Partial<OperatorFacts> = {}): OperatorFacts => ({
  id: '019ab3c4-5d6e-7f80-9123-000000000003',
  userIdLokal: 'loket1',
  fullName: 'Operator Uji',
  role: 'operator',
  activeFrom: '2026-01-01',
  activeUntil: null,
  revoked: false,
  ndaSignedOn: '2026-01-01',
  workingHours: null,
  ...changes,
});

/** Of somebody who has logged in. */
export const sessionFacts = (changes: Partial<SessionFacts> = {}): SessionFacts => ({
  id: '019ab3c4-5d6e-7f80-9123-000000000005',
  secondFactor: true,
  expiresAt: '2026-06-15T20:00:00+07:00',
  ...changes,
});

/** Facts by which a look-up on Monday, 2026-06-15 at 10:00 is allowed, but for `changes`. */
export function accessFacts({
  client = {},
  ...changes
}: Partial<Omit<AccessFacts, 'client'>> & { client?: Partial<AccessFacts['client']> } = {}): AccessFacts {
  return {
    today,
    time: '10:00',
    weekday: 1,
    institution: {
      id: '019ab3c4-5d6e-7f80-9123-000000000004',
      name: 'Kecamatan Uji',
      regionCode: '33.98.01',
      kind: 'kecamatan',
      stopped: false,
    },
    client: {
      id: 'uji',
      name: 'Aplikasi Uji',
      secrets: ['0'.repeat(64)],
      jwks: null,
      certificateRequired: false,
      scopes: ['verifications:write'],
      elements: null,
      purposes: null,
      networks: null,
      expiresOn: null,
      revoked: false,
      burst: null,
      ...client,
    },
    operator: operatorFacts(),
    session: null,
    agreements: [agreementFacts()],
    ...changes,
  };
}
