/** The key was destroyed, and a key of that name is never made again. */
export class KeyDestroyedError extends Error {
  override readonly name = 'KeyDestroyedError';
  constructor() {
    super('This key was destroyed');
  }
}

/** The file of a key that is in use is not there. Not destroyed: it may be brought back, and what waits for it must wait. */
export class KeyAwayError extends Error {
  override readonly name = 'KeyAwayError';
  constructor(key: string) {
    super(`Key ${key} is not in the key folder, and was not destroyed: bring back its backup`);
  }
}

/**
 * 32 secret bytes that can be taken back. Whoever still holds a wiped key gets an error and never the zeros: an HMAC under
 * zeros is one that anybody can repeat.
 */
export class Key {
  private isWiped = false;

  private constructor(
    private readonly file: Buffer,
    private readonly secret: Buffer,
  ) {}

  /** Reads the content of a key file: 32 bytes in base64. */
  static parse(name: string, file: Buffer): Key {
    const secret = Buffer.from(file.toString('latin1').trim(), 'base64');
    if (secret.length !== 32) throw new Error(`Key ${name} does not hold 32 bytes`);
    return new Key(file, secret);
  }

  get wiped(): boolean {
    return this.isWiped;
  }

  /**
   * To be used at once and not kept.
   *
   * @throws {KeyDestroyedError} when it was wiped
   */
  get bytes(): Buffer {
    if (this.isWiped) throw new KeyDestroyedError();
    return this.secret;
  }

  isIn(file: Buffer): boolean {
    return this.file.equals(file);
  }

  wipe(): void {
    this.isWiped = true;
    this.file.fill(0);
    this.secret.fill(0);
  }
}
