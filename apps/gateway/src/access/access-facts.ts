import type { ElementName, PatenService, Role, Scope, VerificationMode } from '#contracts';

export interface AgreementFacts {
  id: string;
  versionId: string;
  version: number;
  number: string;
  validFrom: string;
  validUntil: string;
  elements: ElementName[];
  modes: VerificationMode[];
  networks: string[];
  sptjmSignedOn: string | null;
}

export interface OperatorFacts {
  id: string;
  userIdLokal: string;
  role: Role;
  activeFrom: string;
  activeUntil: string | null;
  revoked: boolean;
  ndaSignedOn: string | null;
}

/** All that the access decision looks at, as the database said at one moment. */
export interface AccessFacts {
  /** Asia/Jakarta, by the database's clock. */
  today: string;
  institution: { id: string; name: string; regionCode: string };
  client: {
    id: string;
    name: string;
    secretSha256: string;
    scopes: Scope[];
    elements: ElementName[] | null;
    purposes: PatenService[] | null;
    networks: string[] | null;
    /** Revoked, or past its expiry. */
    revoked: boolean;
    burst: { perSecond: number; size: number } | null;
  };
  operator: OperatorFacts | null;
  /** For each agreement, its version that is in effect today, or else its first. */
  agreements: AgreementFacts[];
}
