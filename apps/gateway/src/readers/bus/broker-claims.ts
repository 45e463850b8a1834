import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';
import { uuidv7 } from 'uuidv7';

/** Seconds that the broker lets an agent stay before it has to prove itself anew. */
export const stayS = 3_600;

/** The account that everybody but the system user is in. */
const account = '$G';

/** What the broker asks (NATS ADR-26): who may come in? */
export interface AuthRequest {
  userNkey: string;
  server: { id: string };
  /** The connection's number at that broker. */
  cid: number;
  token: string | undefined;
}

/**
 * Reads what the broker sent; whether it is the broker is settled by the subject, on which nobody else may publish.
 *
 * @throws when it is nothing of the kind
 */
export function readAuthRequest(text: string): AuthRequest {
  const [, claims = ''] = text.split('.');
  const { nats } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
    nats: {
      type: string;
      user_nkey: string;
      server_id: { id: string };
      client_info: { id: number };
      connect_opts: { auth_token?: unknown };
    };
  };
  const { auth_token: token } = nats.connect_opts;
  if (nats.type !== 'authorization_request' || typeof nats.user_nkey !== 'string') throw new Error('no request');
  return {
    userNkey: nats.user_nkey,
    server: { id: nats.server_id.id },
    cid: nats.client_info.id,
    token: typeof token === 'string' ? token : undefined,
  };
}

/** Signs what the broker believes, with the account key whose public half stands in its configuration. */
export class BrokerClaims {
  private readonly key: ReturnType<typeof nkeys.fromSeed>;
  readonly issuer: string;

  /** @param seed nkey of an account, `SA...` @throws when it is none */
  constructor(seed: string) {
    this.key = nkeys.fromSeed(new TextEncoder().encode(seed));
    this.issuer = this.key.getPublicKey();
    if (!this.issuer.startsWith('A')) throw new Error('not the seed of an account');
  }

  /** Lets one agent in, for its own subjects alone: what it says, what it is asked, and answers, once each. */
  admit({ userNkey, server }: AuthRequest, readerId: string, now = Date.now()): string {
    const own = `reader.${readerId}`;
    const jwt = this.sign({
      sub: userNkey,
      aud: account,
      name: own,
      exp: Math.floor(now / 1_000) + stayS,
      nats: {
        type: 'user',
        version: 2,
        pub: { allow: [`${own}.report.v1`, `${own}.journal.v1`, `${own}.event.v1`] },
        sub: { allow: [`${own}.read.v1`, `${own}.cancel.v1`, `${own}.inbox.>`] },
        // nanoseconds
        resp: { max: 1, ttl: 60_000_000_000 },
        subs: 20,
        payload: 65_536,
      },
    });
    return this.respond(userNkey, server.id, { jwt });
  }

  /** @param why stands in the broker's own log */
  refuse({ userNkey, server }: AuthRequest, why: string): string {
    return this.respond(userNkey, server.id, { error: why });
  }

  private respond(userNkey: string, serverId: string, said: { jwt: string } | { error: string }): string {
    return this.sign({ sub: userNkey, aud: serverId, nats: { type: 'authorization_response', version: 2, ...said } });
  }

  private sign(claims: Record<string, unknown>): string {
    const dated = { ...claims, iss: this.issuer, iat: Math.floor(Date.now() / 1_000), jti: '' };
    const jti = createHash('sha256').update(JSON.stringify(dated)).update(uuidv7()).digest('base64url');
    const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode({ ...dated, jti })}`;
    return `${signed}.${Buffer.from(this.key.sign(Buffer.from(signed))).toString('base64url')}`;
  }
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
