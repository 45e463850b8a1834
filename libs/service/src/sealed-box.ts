import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

/** Bytes that a box is longer than what is in it: 12 of nonce, 16 of tag. */
export const sealOverhead = 28;

/** AES-256-GCM (NIST SP 800-38D): 12-byte nonce, 16-byte tag, then the text. `context` must be the same when it is opened. */
export const seal = (key: Buffer, text: string, context: string): Buffer =>
  sealBytes(key, Buffer.from(text, 'utf8'), context);

/** @throws when key, context or bytes are not the ones that were sealed */
export const open = (key: Buffer, box: Buffer, context: string): string =>
  openBytes(key, box, context).toString('utf8');

/** {@link seal} of bytes that are no text. */
export function sealBytes(key: Buffer, bytes: Buffer, context: string): Buffer {
  const nonce = takeNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = cipher.update(bytes);
  // GCM is a stream: everything has come out, what is left to do is the tag
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

const nonceBytes = 12;
/** Random bytes that no nonce was made of yet: asking for each nonce alone is what sealing a NIK would cost most. */
const unused = Buffer.alloc(512 * nonceBytes);
let nextNonce = unused.length;

function takeNonce(): Buffer {
  if (nextNonce === unused.length) {
    randomFillSync(unused);
    nextNonce = 0;
  }
  // a copy: the place is filled anew some time later
  return Buffer.from(unused.subarray(nextNonce, (nextNonce += nonceBytes)));
}

/** @throws when key, context or bytes are not the ones that were sealed */
export function openBytes(key: Buffer, box: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(box.subarray(12, sealOverhead));
  const bytes = decipher.update(box.subarray(sealOverhead));
  decipher.final();
  return bytes;
}
