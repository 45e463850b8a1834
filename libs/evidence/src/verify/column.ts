/** A list of byte strings of one length in one buffer: a million hashes are 32 MB. */
export class Column {
  length = 0;
  private bytes: Uint8Array;

  constructor(private readonly width: number) {
    this.bytes = new Uint8Array(width * 64);
  }

  push(row: Uint8Array): void {
    if ((this.length + 1) * this.width > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(row, this.length * this.width);
    this.length += 1;
  }

  /** A copy, which may be kept. */
  at(row: number): Uint8Array {
    return this.bytes.slice(row * this.width, (row + 1) * this.width);
  }
}
