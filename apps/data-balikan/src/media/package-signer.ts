import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyFolder } from '#service';

const keyName = 'media-signing';
/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface Signer {
  /** SHA-256 of the 32 bytes of the public key, hex. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo as PEM, as OpenSSL reads it. */
  readonly publicKeyPem: string;
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(message: Uint8Array): Buffer;
}

/** The key of the whole installation that signs media packages, outside the database as every key. */
@Injectable()
export class PackageSigner {
  constructor(private readonly keys: KeyFolder) {}

  async get(): Promise<Signer> {
    const { bytes } = (await this.keys.findKey(keyName)) ?? (await this.keys.getOrMakeKey(keyName));
    const der = Buffer.concat([pkcs8Prefix, bytes]);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    der.fill(0);
    const publicKey = createPublicKey(privateKey);
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    return {
      keyId: createHash('sha256').update(raw).digest('hex'),
      publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      sign: (message) => sign(null, message, privateKey),
    };
  }
}
