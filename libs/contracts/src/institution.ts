import { z } from 'zod';
import { Day } from './actor.js';
import { AgreementTerms, SptjmStatement } from './administration/agreements.js';
import { NewClient } from './administration/clients.js';
import { OperatorRecord } from './administration/operators.js';
import { plainText, RegionCode } from './administration/parts.js';
import { GivenBalikanDestination } from './data-balikan/destination.js';
import { defineRpc } from './rpc.js';
import { UpstreamState } from './verification.js';

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
 * Everything that one institution needs to begin, as one file: agreement with addenda, people, clients, the ministry's
 * access. The same file may be given again: what it names is brought to what it says. An export has neither secrets, nor the
 * ministry's access, nor where data balikan go, nor the NIK of an official.
 */
export const InstitutionFile = z
  .strictObject({
    institution: z.strictObject({
      name: plainText(200),
      regionCode: RegionCode,
      kind: z.enum(['kecamatan', 'disdukcapil']).optional(),
      address: plainText(300).optional(),
    }),
    /** A Disdukcapil has none: it oversees those of its kabupaten. */
    agreement: z
      .strictObject({
        number: plainText(100),
        counterpartNumber: plainText(100).optional(),
        signedOn: Day.optional(),
        sptjm: SptjmStatement.optional(),
        /** The first is the agreement, the others its addenda, each in force from its effective date (PKS 10(2)). */
        versions: z.array(AgreementTerms).min(1),
      })
      .optional(),
    operators: z.array(OperatorRecord),
    clients: z.array(
      NewClient.omit({ reason: true }).extend({
        secretSha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'SHA-256, 64 hex digits')
          .optional()
          .meta({ description: 'Without one, a secret is made and shown once' }),
      }),
    ),
    upstream: UpstreamAccess.optional(),
    dataBalikan: GivenBalikanDestination.partial({ service: true }).optional(),
  })
  .meta({ id: 'InstitutionFile' });
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
  errors: ['EVIDENCE_UNAVAILABLE', 'AGREEMENT_CLOSED'],
});

/** Lifts a latched "our access is broken" after a person has mended it. */
export const rearmUpstream = defineRpc({
  subject: 'verification.rearm-upstream.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: z.strictObject({ rearmed: z.boolean() }),
  errors: [],
});

/** What may be told of the ministry's access right: that there is one, never what it says (O-16). */
export const UpstreamSummary = z
  .strictObject({
    configured: z.boolean(),
    configuredAt: z.iso.datetime().nullable(),
    agreementId: z.uuid().nullable(),
    keyId: z.string().nullable().meta({ description: 'The key that seals it; the key itself is outside the database' }),
    upstream: UpstreamState,
  })
  .meta({ id: 'UpstreamSummary' });
export type UpstreamSummary = z.infer<typeof UpstreamSummary>;

export const describeUpstream = defineRpc({
  subject: 'verification.describe-upstream.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: UpstreamSummary,
  errors: [],
});

/**
 * Whether the way to the ministry is there, without a hit: name, connection, TLS with the private CA. What only a look-up
 * would tell (User ID, password, IP LAN) is named in `notChecked`.
 */
export const UpstreamTest = z
  .strictObject({
    reachable: z.boolean(),
    tls: z.enum(['verified', 'failed', 'none']).meta({ description: 'none: the access right names plain http' }),
    fault: z
      .enum([
        'NAME_NOT_FOUND',
        'CONNECTION_REFUSED',
        'NO_ROUTE',
        'TIMEOUT',
        'CERTIFICATE_REJECTED',
        'TLS_FAILED',
        'OTHER',
      ])
      .nullable(),
    hits: z.literal(0),
    notChecked: z.array(z.enum(['USER_ID', 'PASSWORD', 'IP_LAN', 'PATH'])),
    durationMs: z.int(),
  })
  .meta({ id: 'UpstreamTest' });
export type UpstreamTest = z.infer<typeof UpstreamTest>;

export const testUpstream = defineRpc({
  subject: 'verification.test-upstream.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: UpstreamTest,
  errors: ['UPSTREAM_NOT_CONFIGURED'],
});

/** Seals the access right anew under a new key and destroys the old one. */
export const rotateSealingKey = defineRpc({
  subject: 'verification.rotate-sealing-key.v1',
  input: z.strictObject({ institutionId: z.uuid() }),
  output: z.strictObject({ keyId: z.string(), destroyedKeyIds: z.array(z.string()) }),
  errors: ['UPSTREAM_NOT_CONFIGURED'],
});

/**
 * The end of an agreement (O-15, O-18): destroys its HMAC key, so that nobody can be recognised in the evidence any more,
 * and its sealing keys with the access right. May be repeated; cannot be undone.
 */
export const destroyAgreementKeys = defineRpc({
  subject: 'verification.destroy-agreement-keys.v1',
  input: z.strictObject({ institutionId: z.uuid(), agreementId: z.uuid() }),
  output: z.strictObject({
    /** Key names, those that were gone already included. */
    destroyedKeyIds: z.array(z.string()),
  }),
  errors: [],
});
