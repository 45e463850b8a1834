import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { keyId, type CheckpointSigner } from '#evidence';
import { type Key, KeyFolder } from '#service';

const keyName = 'log-1';
/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface LogSigner extends CheckpointSigner {
  /** Compact JWS (RFC 7515) with the key id of the origin that is its issuer. */
  signReceipt(claims: { iss: string }, type: string): string;
}

/** The Ed25519 key that signs checkpoints and receipts, outside the database as every key. */
@Injectable()
export class LogKey {
  private readonly signers = new WeakMap<Key, LogSigner>();

  constructor(private readonly keys: KeyFolder) {}

  async signer(): Promise<LogSigner> {
    const key = (await this.keys.findKey(keyName)) ?? (await this.keys.getOrMakeKey(keyName));
    const made = this.signers.get(key) ?? makeSigner(key.bytes);
    this.signers.set(key, made);
    return made;
  }
}

function makeSigner(seed: Buffer): LogSigner {
  const der = Buffer.concat([pkcs8Prefix, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = Buffer.from(x ?? '', 'base64url');
  const signBytes = (message: Uint8Array) => sign(null, message, privateKey);
  return {
    publicKey,
    sign: signBytes,
    signReceipt(claims, type) {
      const header = { alg: 'EdDSA', kid: keyId(claims.iss, publicKey), typ: type };
      const text = `${encode(header)}.${encode(claims)}`;
      return `${text}.${signBytes(Buffer.from(text)).toString('base64url')}`;
    },
  };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
