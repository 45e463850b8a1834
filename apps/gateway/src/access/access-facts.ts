import type { ElementName, JwkSetInput, PatenService, Role, Scope, VerificationMode, WorkingHours } from '#contracts';

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
  /** Terminated before its time, closing or closed. */
  over: boolean;
  /** Its keys are destroyed: nothing can be taken under it any more, and what is owed is settled. */
  closed: boolean;
}

export interface OperatorFacts {
  id: string;
  userIdLokal: string;
  fullName: string;
  role: Role;
  activeFrom: string;
  activeUntil: string | null;
  revoked: boolean;
  /** Of the present assignment. */
  ndaSignedOn: string | null;
  workingHours: WorkingHours | null;
}

export interface ClientFacts {
  id: string;
  name: string;
  /** SHA-256, hex, of the secrets that count. */
  secrets: string[];
  jwks: JwkSetInput | null;
  certificateRequired: boolean;
  scopes: Scope[];
  elements: ElementName[] | null;
  purposes: PatenService[] | null;
  networks: string[] | null;
  expiresOn: string | null;
  /** Revoked, or past its expiry. */
  revoked: boolean;
  burst: { perSecond: number; size: number } | null;
}

/** A person who has logged in. */
export interface SessionFacts {
  id: string;
  secondFactor: boolean;
  expiresAt: string;
}

/** All that the access decision looks at, as the database said at one moment. */
export interface AccessFacts {
  /** Asia/Jakarta, by the database's clock. */
  today: string;
  /** `HH:MM` in Asia/Jakarta, and the day of the week, 1 = Monday. */
  time: string;
  weekday: number;
  institution: { id: string; name: string; regionCode: string; kind: 'kecamatan' | 'disdukcapil'; stopped: boolean };
  /** Of a person who has logged in: the portal, which is nobody's client. */
  client: ClientFacts;
  operator: OperatorFacts | null;
  session: SessionFacts | null;
  /** For each agreement, its version that is in effect today, or else its first. */
  agreements: AgreementFacts[];
}
