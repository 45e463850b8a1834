import { Encrypter } from 'age-encryption';

/**
 * For whom a file is encrypted, in the age format (age-encryption.org/v1).
 *
 * @throws {Error} when one is not a public key of age: its checksum is wrong
 */
export function encrypterFor(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter;
}

/** The encrypted file in pieces of `size` bytes, the last one smaller; it holds two of them at a time. */
export async function* encryptedPieces(
  encrypter: Encrypter,
  plain: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Buffer> {
  const encrypted = await encrypter.encrypt(ReadableStream.from(plain));
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of encrypted) {
    held.push(bytes);
    length += bytes.length;
    while (length >= size) {
      const whole = Buffer.concat(held);
      yield whole.subarray(0, size);
      held = [whole.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}
