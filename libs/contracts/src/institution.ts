import { z } from 'zod';
import { Day, Role, VerificationMode } from './actor.js';
import { Scope } from './access.js';
import { ElementName } from './elements.js';
import { PatenService } from './purpose.js';
import { defineRpc } from './rpc.js';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256, 64 hex digits');
const Networks = z.array(z.union([z.cidrv4(), z.cidrv6()])).min(1);
const LocalId = z.string().regex(/^[A-Za-z0-9._@-]{1,80}$/);

/** How the ministry's server wants its keys spelled; deployments differ. */
export const UpstreamDialect = z.strictObject({
  nik: z.enum(['nik', 'NIK']).default('nik'),
  userId: z.enum(['user_id', 'USER_ID', 'userId']).default('user_id'),
  password: z.enum(['password', 'PASSWORD']).default('password'),
  ip: z.enum(['ip_user', 'IP_USER', 'ip_address']).default('ip_user'),
});
export type UpstreamDialect = z.infer<typeof UpstreamDialect>;

const opaquePath = z.string().regex(/^\/[^?#\s]*$/, 'A path that begins with /');

/** The ministry's access right of one institution. All of it is secret (O-16). */
export const UpstreamAccess = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Paths are opaque and set per consumer; they are never built by code. */
  lookupPath: opaquePath.optional(),
  matchPath: opaquePath.optional(),
  userId: z.string().min(1),
  password: z.string().min(1),
  /** The assigned IP LAN that the request names (O-02). */
  ip: z.union([z.ipv4(), z.ipv6()]),
  dialect: UpstreamDialect.default({ nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' }),
  /** PEM of the private CA, where the ministry serves https. Verification is never switched off. */
  caPem: z.string().optional(),
  /** Hits that an answer to an unknown NIK costs is not known: every request that may have left counts. */
  deadlineMs: z.int().min(100).max(60_000).optional(),
});
export type UpstreamAccess = z.infer<typeof UpstreamAccess>;

/**
 * Everything that one institution needs to begin: its agreement with addenda, people, clients and the ministry's access.
 * The same file may be given again: what it names is brought to what it says.
 */
export const InstitutionFile = z.strictObject({
  institution: z.strictObject({
    name: z.string().min(1).max(200),
    regionCode: z.string().regex(/^\d{2}\.\d{2}\.\d{2}$/),
  }),
  agreement: z.strictObject({
    number: z.string().min(1).max(100),
    sptjm: z.strictObject({ number: z.string().min(1), signedOn: Day, documentSha256: Sha256 }).optional(),
    /** The first is the agreement, the others its addenda, each in force from its effective date (PKS 10(2)). */
    versions: z
      .array(
        z.strictObject({
          effectiveFrom: Day,
          validFrom: Day,
          validUntil: Day,
          elements: z.array(ElementName).min(1),
          modes: z.array(VerificationMode).min(1),
          dailyQuota: z.int().min(1).max(10_000_000),
          networks: Networks,
        }),
      )
      .min(1),
  }),
  operators: z.array(
    z.strictObject({
      userIdLokal: LocalId,
      fullName: z.string().min(1).max(200),
      role: Role,
      activeFrom: Day,
      activeUntil: Day.optional(),
      nda: z.strictObject({ number: z.string().min(1), signedOn: Day, documentSha256: Sha256 }).optional(),
    }),
  ),
  clients: z.array(
    z.strictObject({
      id: LocalId,
      name: z.string().min(1).max(200),
      secretSha256: Sha256,
      scopes: z.array(Scope).min(1),
      elements: z.array(ElementName).min(1).optional(),
      purposes: z.array(PatenService).min(1).optional(),
      networks: Networks.optional(),
      expiresAt: z.iso.datetime().optional(),
      /** Answers for requests whose token names no operator: for an application that one person uses. */
      defaultOperator: LocalId.optional(),
      burst: z.strictObject({ perSecond: z.number().positive(), size: z.int().positive() }).optional(),
    }),
  ),
  upstream: UpstreamAccess.optional(),
});
export type InstitutionFile = z.infer<typeof InstitutionFile>;

/** Brings quota, keys and the ministry's access of one institution into nik-verification. Sealed there, never readable again. */
export const configureInstitution = defineRpc({
  subject: 'verification.configure-institution.v1',
  input: z.strictObject({
    institutionId: z.uuid(),
    agreementId: z.uuid(),
    quota: z.array(z.strictObject({ effectiveFrom: Day, dailyLimit: z.int().min(1) })),
    upstream: UpstreamAccess.optional(),
  }),
  output: z.strictObject({ configured: z.literal(true) }),
  errors: ['EVIDENCE_UNAVAILABLE'],
});

/** Lifts a latched "our access is broken" after a person has mended it. */
export const rearmUpstream = defineRpc({
  subject: 'verification.rearm-upstream.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: z.strictObject({ rearmed: z.boolean() }),
  errors: [],
});
