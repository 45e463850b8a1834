import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isWithinOneOf } from './closed-network.js';

export interface CertificateSources {
  /** Addresses or ranges of the reverse proxies: what they show in TLS is themselves, never an application. */
  trustedProxies: readonly string[];
  /** Whether those proxies take TLS off and hand on in `Client-Cert` what they saw; they have to strike it from requests. */
  believeHeader: boolean;
}

/**
 * The certificate by which an application showed itself. Any will do for binding a token (RFC 8705 3), its issuer and dates
 * are not asked: whoever has the private key is who got the token.
 */
@Injectable()
export class ClientCertificates {
  constructor(private readonly sources: CertificateSources) {}

  /**
   * `x5t#S256` (RFC 8705 3.1) of this request's certificate, or null. Asked for each request: of what an address or a
   * connection showed before nothing is kept.
   */
  findThumbprint(request: Pick<FastifyRequest, 'raw' | 'headers'>): string | null {
    const socket = request.raw.socket as Partial<TLSSocket>;
    const der = isWithinOneOf(socket.remoteAddress ?? '', this.sources.trustedProxies)
      ? this.findInHeader(request.headers['client-cert'])
      : socket.getPeerX509Certificate?.()?.raw;
    // of the DER encoding, base64url without padding
    return der ? createHash('sha256').update(der).digest('base64url') : null;
  }

  private findInHeader(value: string | string[] | undefined): Buffer | undefined {
    if (!this.sources.believeHeader || typeof value !== 'string') return undefined;
    return readClientCert(value);
  }
}

/** RFC 9440 2.2: a byte sequence (RFC 8941 3.3.5) of the DER encoding; undefined when it is anything else. */
export function readClientCert(value: string): Buffer | undefined {
  const [, base64] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value) ?? [];
  if (base64 === undefined) return undefined;
  const der = Buffer.from(base64, 'base64');
  try {
    // PEM would be understood, too, and what follows the certificate be passed over
    return new X509Certificate(der).raw.equals(der) ? der : undefined;
  } catch {
    return undefined;
  }
}
