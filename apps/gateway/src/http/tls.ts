import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ServerOptions } from 'node:https';

export interface TlsIdentity {
  /** PEM; the certificate of this gateway, and those between it and the root. */
  cert: string;
  /** PEM */
  key: string;
}

/**
 * A client certificate is asked for, not required, and no authority is asked about it: it binds tokens (RFC 8705), it does
 * not open the door.
 */
export const tlsOptions = (identity: TlsIdentity): ServerOptions => ({
  ...identity,
  minVersion: 'TLSv1.2',
  requestCert: true,
  rejectUnauthorized: false,
});

export const isCertificate = (pem: string): boolean => succeeds(() => new X509Certificate(pem));

export const isPrivateKey = (pem: string): boolean => succeeds(() => createPrivateKey(pem));

/** Whether certificate and key belong together; true when one of them cannot be read, which is another fault. */
export function isPair({ cert, key }: TlsIdentity): boolean {
  if (!isCertificate(cert) || !isPrivateKey(key)) return true;
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
