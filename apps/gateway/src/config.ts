import { nkeys } from '@nats-io/transport-node';
import { z } from 'zod';
import { busEnv, databaseEnv, env, readConfig } from '#service';
import { isRange } from './access/closed-network.js';
import { isCertificate, isPair, isPrivateKey, type TlsIdentity } from './http/tls.js';

const fields = z.object({
  ...busEnv('GATEWAY'),
  ...databaseEnv('GATEWAY'),
  GATEWAY_LOG_LEVEL: env.logLevel(),
  GATEWAY_HOST: env.host().default('127.0.0.1'),
  GATEWAY_PORT: env.port().default(8080),
  GATEWAY_MANAGEMENT_HOST: env.host().default('127.0.0.1'),
  GATEWAY_MANAGEMENT_PORT: env.port().default(0),
  /** Addresses or ranges of the reverse proxies whose X-Forwarded-For is believed; none by default. */
  GATEWAY_TRUSTED_PROXIES: env
    .list()
    .refine((ranges) => ranges.every(isRange), 'must be addresses or ranges like 10.1.2.0/24')
    .default([]),
  /** Whether those proxies take TLS off and tell the client's certificate in Client-Cert (RFC 9440). */
  GATEWAY_CLIENT_CERT_HEADER: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  /** Where applications reach this gateway, `https://gerbang.example`: signed assertions may be meant for that. */
  GATEWAY_PUBLIC_URLS: env
    .list()
    .refine((urls) => urls.every((url) => /^https?:/.test(url) && URL.canParse(url)), 'must be http or https URLs')
    .default([]),
  /** Page where anybody checks a receipt, `https://gerbang.example/bukti`: QR pictures of codes lead there. */
  GATEWAY_RECEIPT_URL: z.string().refine(isPage, 'must be an https URL without user or fragment').optional(),
  /** TLS of the gateway itself, PEM; both or none. As files: GATEWAY_TLS_CERT_FILE and GATEWAY_TLS_KEY_FILE. */
  GATEWAY_TLS_CERT: z.string().refine(isCertificate, 'is no certificate in PEM').optional(),
  GATEWAY_TLS_KEY: z.string().refine(isPrivateKey, 'is no private key in PEM, or one with a passphrase').optional(),
  /** Origins of browser front ends that may call from another host; none by default. */
  GATEWAY_CORS_ORIGINS: env.list().default([]),
  /** Folder of the token signing keys; replicas share it. */
  GATEWAY_KEY_DIR: z.string().min(1),
  /** `iss` and `aud` of the tokens. */
  GATEWAY_ISSUER: z.string().min(1).default('gerbang-paten'),
  /** How long one signing key signs, seconds. */
  GATEWAY_SIGNING_KEY_PERIOD_S: env.count(60).default(7 * 86_400),
  /** Without a request for so long, the session of a person ends, seconds. */
  GATEWAY_SESSION_IDLE_S: env.count(60, 86_400).default(900),
  /** So long after the log-in it ends in any case, hours. */
  GATEWAY_SESSION_HOURS: env.count(1, 24).default(10),
  /** 'false' only where browsers reach the gateway without TLS, as on one machine. */
  GATEWAY_COOKIE_SECURE: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(true),
  /** Longest wait for the look-up service: its own deadline for the ministry and a margin. */
  GATEWAY_VERIFY_DEADLINE_MS: env.milliseconds(500, 120_000).default(10_000),
  /** Short-time limit for a client that has none of its own, by client and operator. */
  GATEWAY_BURST_PER_SECOND: z.coerce.number().positive().default(5),
  GATEWAY_BURST_SIZE: env.count().default(20),
  /** How often the calendar is looked at: warnings, the end of agreements, proposals that run out. */
  GATEWAY_STEWARD_EVERY_MS: env.milliseconds(50, 3_600_000).default(60_000),
  /** nkey seed of the account that lets agents of readers in at the broker; its public half stands in nats.conf. */
  GATEWAY_BUS_ISSUER_SEED: z.string().refine(isAccountSeed, 'is no nkey seed of an account (SA...)').optional(),
  /** Of `gateway-system`, by which agents are thrown out; both or none: then there are no readers. */
  GATEWAY_SYSTEM_NATS_PASSWORD: env.secret().optional(),
  /** Where agents reach the broker, `tls://gerbang.example:4222`; default: where the gateway does, on this machine alone. */
  GATEWAY_READER_BUS_URLS: env
    .list()
    .refine((urls) => urls.every(isAgentUrl), 'must be tls:// URLs; nats:// for this machine alone')
    .default([]),
  /** PEM of the CA that signed the broker's certificate, where agents do not know it. */
  GATEWAY_READER_BUS_CA: z.string().refine(isCertificate, 'is no certificate in PEM').optional(),
  /** 'true' only for demos and tests: a simulator then counts as a reader. */
  GATEWAY_SIMULATED_READERS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  /** For one read of a card, from the order to the answer. */
  GATEWAY_READ_DEADLINE_MS: env.milliseconds(1_000, 300_000).default(120_000),
  /** What comes in goes on over the bus, which carries 256 KB (deploy/nats.conf). */
  GATEWAY_BODY_LIMIT_BYTES: env.count(1_024, 200 * 1_024).default(64 * 1_024),
  GATEWAY_DRAIN_MS: env.milliseconds().default(15_000),
});

/** What an agent says is a card's data: without TLS it never leaves the machine. */
function isAgentUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'tls:' || (protocol === 'nats:' && isLoopback(hostname));
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

function isAccountSeed(text: string): boolean {
  try {
    return nkeys.fromSeed(new TextEncoder().encode(text)).getPublicKey().startsWith('A');
  } catch {
    return false;
  }
}

/** Short enough for a picture of 29 mm that a telephone reads. */
function isPage(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' && url.username === '' && !text.includes('#') && text.length <= 150;
}

/** Told beside the faults of single fields, not after them. */
const always = { when: () => true };

const schema = fields
  .refine((given) => !given.GATEWAY_TLS_CERT || given.GATEWAY_TLS_KEY, { path: ['GATEWAY_TLS_KEY'], ...always })
  .refine((given) => !given.GATEWAY_TLS_KEY || given.GATEWAY_TLS_CERT, { path: ['GATEWAY_TLS_CERT'], ...always })
  .refine(({ GATEWAY_TLS_CERT: cert, GATEWAY_TLS_KEY: key }) => !cert || !key || isPair({ cert, key }), {
    path: ['GATEWAY_TLS_KEY'],
    error: 'does not belong to GATEWAY_TLS_CERT',
    ...always,
  })
  .refine((given) => !given.GATEWAY_BUS_ISSUER_SEED || given.GATEWAY_SYSTEM_NATS_PASSWORD, {
    path: ['GATEWAY_SYSTEM_NATS_PASSWORD'],
    ...always,
  })
  .refine((given) => !given.GATEWAY_SYSTEM_NATS_PASSWORD || given.GATEWAY_BUS_ISSUER_SEED, {
    path: ['GATEWAY_BUS_ISSUER_SEED'],
    ...always,
  })
  .refine((given) => !given.GATEWAY_CLIENT_CERT_HEADER || given.GATEWAY_TRUSTED_PROXIES.length > 0, {
    path: ['GATEWAY_TRUSTED_PROXIES'],
    error: 'must name the proxies that send Client-Cert',
    ...always,
  });

export type Config = ReturnType<typeof loadConfig>;

export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = readConfig(schema, environment);
  return {
    logLevel: given.GATEWAY_LOG_LEVEL,
    host: given.GATEWAY_HOST,
    port: given.GATEWAY_PORT,
    management: { host: given.GATEWAY_MANAGEMENT_HOST, port: given.GATEWAY_MANAGEMENT_PORT },
    trustedProxies: given.GATEWAY_TRUSTED_PROXIES,
    clientCertHeader: given.GATEWAY_CLIENT_CERT_HEADER,
    publicUrls: given.GATEWAY_PUBLIC_URLS,
    tls: tls(given.GATEWAY_TLS_CERT, given.GATEWAY_TLS_KEY),
    corsOrigins: given.GATEWAY_CORS_ORIGINS,
    receipts: { url: given.GATEWAY_RECEIPT_URL },
    keyDir: given.GATEWAY_KEY_DIR,
    issuer: given.GATEWAY_ISSUER,
    signingKeyPeriodMs: given.GATEWAY_SIGNING_KEY_PERIOD_S * 1_000,
    sessions: {
      idleSeconds: given.GATEWAY_SESSION_IDLE_S,
      hours: given.GATEWAY_SESSION_HOURS,
      secure: given.GATEWAY_COOKIE_SECURE,
    },
    verifyDeadlineMs: given.GATEWAY_VERIFY_DEADLINE_MS,
    burst: { perSecond: given.GATEWAY_BURST_PER_SECOND, size: given.GATEWAY_BURST_SIZE },
    stewardEveryMs: given.GATEWAY_STEWARD_EVERY_MS,
    readers: {
      bus:
        given.GATEWAY_BUS_ISSUER_SEED && given.GATEWAY_SYSTEM_NATS_PASSWORD
          ? { issuerSeed: given.GATEWAY_BUS_ISSUER_SEED, systemPassword: given.GATEWAY_SYSTEM_NATS_PASSWORD }
          : undefined,
      address: {
        servers: agentUrls(given.GATEWAY_READER_BUS_URLS, given.GATEWAY_NATS_URL),
        caPem: given.GATEWAY_READER_BUS_CA ?? null,
      },
      simulated: given.GATEWAY_SIMULATED_READERS,
      readDeadlineMs: given.GATEWAY_READ_DEADLINE_MS,
    },
    bodyLimit: given.GATEWAY_BODY_LIMIT_BYTES,
    drainMs: given.GATEWAY_DRAIN_MS,
    bus: { servers: given.GATEWAY_NATS_URL, user: given.GATEWAY_NATS_USER, password: given.GATEWAY_NATS_PASSWORD },
    database: {
      host: given.GATEWAY_DATABASE_HOST,
      port: given.GATEWAY_DATABASE_PORT,
      name: given.GATEWAY_DATABASE_NAME,
      user: given.GATEWAY_DATABASE_USER,
      password: given.GATEWAY_DATABASE_PASSWORD,
      poolSize: given.GATEWAY_DATABASE_POOL,
    },
  };
}

/** None: the broker is elsewhere, and nobody has said by which name agents reach it. */
const agentUrls = (given: string[], own: string[]): string[] =>
  given.length > 0 ? given : own.every(isAgentUrl) ? own : [];

const tls = (cert: string | undefined, key: string | undefined): TlsIdentity | undefined =>
  cert && key ? { cert, key } : undefined;
