import { keyId, parseVerifierKey, type VerifierKey } from '../keys.js';
import { isSameLogOfOtherGeneration } from '../origin.js';

/** The keys by which a bundle is judged. Throws a TypeError when one of them is not a verifier key. */
export class TrustedKeys {
  private readonly keys: readonly VerifierKey[];

  constructor(keys: readonly string[]) {
    this.keys = keys.map((text) => {
      const key = parseVerifierKey(text.trim());
      if (key === undefined) throw new TypeError(`Not a verifier key: ${text}`);
      return key;
    });
  }

  /** Those of a log. A log goes on under another origin after a gap, with the same key: the generations of one log share theirs. */
  of(origin: string): VerifierKey[] {
    const own = this.keys.filter(({ name }) => name === origin);
    const ofOthers = this.keys.filter(({ name }) => name !== origin && isSameLogOfOtherGeneration(name, origin));
    return [...own, ...ofOthers.map(({ publicKey }) => ({ name: origin, id: keyId(origin, publicKey), publicKey }))];
  }
}
