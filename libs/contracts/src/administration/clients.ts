import { z } from 'zod';
import { Scope } from '../access.js';
import { ElementName } from '../elements.js';
import { PatenService } from '../purpose.js';
import { LocalId, Networks, plainText, Reason } from './parts.js';

/** A number of a key, base64url (RFC 7518 6). */
const keyPart = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, 'Tulis dalam base64url.')
  .refine((text) => !/\d{16}/.test(text), 'Ini bukan bagian kunci publik.');
const Kid = plainText(100);

const Jwk = z.union([
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: keyPart,
    kid: Kid,
    alg: z.literal('EdDSA').optional(),
    use: z.literal('sig').optional(),
  }),
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: keyPart,
    y: keyPart,
    kid: Kid,
    alg: z.literal('ES256').optional(),
    use: z.literal('sig').optional(),
  }),
  z.strictObject({
    kty: z.literal('RSA'),
    n: keyPart.min(342, 'Kunci RSA sedikitnya 2048 bit.'),
    e: keyPart,
    kid: Kid,
    alg: z.enum(['RS256', 'PS256']).optional(),
    use: z.literal('sig').optional(),
  }),
]);

/** RFC 7517; public keys only, by which a client signs its assertions (RFC 7523, `private_key_jwt`). */
export const JwkSetInput = z.strictObject({ keys: z.array(Jwk).min(1).max(10) }).meta({ id: 'JwkSetInput' });
export type JwkSetInput = z.infer<typeof JwkSetInput>;

const settings = {
  name: plainText(200),
  scopes: z.array(Scope).min(1, 'Sebutkan sedikitnya satu scope.'),
  elements: z.array(ElementName).min(1).optional().meta({ description: 'Default: all that the agreement grants' }),
  purposes: z.array(PatenService).min(1).optional().meta({ description: 'Default: all services' }),
  networks: Networks.optional().meta({ description: "Default: the agreement's" }),
  expiresAt: z.iso.datetime().optional(),
  defaultOperator: LocalId.optional().meta({
    description: 'User ID lokal of whoever answers for requests whose token names no operator',
  }),
  burst: z.strictObject({ perSecond: z.number().positive(), size: z.int().positive() }).optional(),
  certificateRequired: z
    .boolean()
    .optional()
    .meta({ description: 'Only tokens that are bound to a client certificate (RFC 8705)' }),
};

export const NewClient = z
  .strictObject({ id: LocalId, ...settings, jwks: JwkSetInput.optional(), reason: Reason })
  .meta({ id: 'NewClient' });
export type NewClient = z.infer<typeof NewClient>;

/** What is named is replaced; null takes a limit away. */
export const ClientUpdate = z
  .strictObject({
    name: settings.name.optional(),
    scopes: settings.scopes.optional(),
    elements: settings.elements.nullable(),
    purposes: settings.purposes.nullable(),
    networks: settings.networks.nullable(),
    expiresAt: settings.expiresAt.nullable(),
    defaultOperator: settings.defaultOperator.nullable(),
    burst: settings.burst.nullable(),
    certificateRequired: settings.certificateRequired,
    reason: Reason,
  })
  .meta({ id: 'ClientUpdate' });
export type ClientUpdate = z.infer<typeof ClientUpdate>;

export const SecretRotation = z
  .strictObject({
    overlapHours: z
      .number()
      .min(0)
      .max(720)
      .default(24)
      .meta({ description: 'How long the secrets before still count; 0 when one is known to others' }),
    reason: Reason,
  })
  .meta({ id: 'SecretRotation' });
export type SecretRotation = z.infer<typeof SecretRotation>;

/** `null` takes the keys away. */
export const ClientKeys = z
  .strictObject({
    jwks: JwkSetInput.nullable(),
    endSecrets: z.boolean().default(false).meta({ description: 'true: secrets count no more, only signed assertions' }),
    reason: Reason,
  })
  .meta({ id: 'ClientKeys' });
export type ClientKeys = z.infer<typeof ClientKeys>;

export const ClientReactivation = z
  .strictObject({ expiresAt: z.iso.datetime().optional(), reason: Reason })
  .meta({ id: 'ClientReactivation' });
export type ClientReactivation = z.infer<typeof ClientReactivation>;

export const ClientDetail = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    revocationReason: z.string().nullable(),
    scopes: z.array(Scope),
    elements: z.array(ElementName).nullable(),
    purposes: z.array(PatenService).nullable(),
    networks: z.array(z.string()).nullable(),
    expiresAt: z.iso.datetime().nullable(),
    expiresSoon: z.boolean().meta({ description: 'Within 30 days: rotate or extend' }),
    defaultOperator: z.string().nullable(),
    burst: z.strictObject({ perSecond: z.number(), size: z.int() }).nullable(),
    certificateRequired: z.boolean(),
    secrets: z.array(
      z.strictObject({ id: z.uuid(), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime().nullable() }),
    ),
    keyIds: z.array(z.string()),
  })
  .meta({ id: 'ClientDetail' });
export type ClientDetail = z.infer<typeof ClientDetail>;

export const ClientList = z.strictObject({ clients: z.array(ClientDetail) }).meta({ id: 'ClientList' });

/** The secret is shown here, once; only its SHA-256 is kept. null: the client signs with its own keys. */
export const ClientCredential = z
  .strictObject({ client: ClientDetail, secret: z.string().nullable() })
  .meta({ id: 'ClientCredential' });
export type ClientCredential = z.infer<typeof ClientCredential>;
