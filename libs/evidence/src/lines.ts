/** Longest line of a bundle that is read: bytes. What is beyond is cut off, and so is not a line of a bundle any more. */
const longest = 1024 * 1024;
const newline = 10;

/** Cuts a stream of bytes into lines, in memory that does not grow with it. */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private parts: Uint8Array[] = [];
  private held = 0;

  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      this.hold(chunk.subarray(from, to));
      lines.push(this.take());
      from = to + 1;
    }
    this.hold(chunk.slice(from));
    return lines;
  }

  /** What stands behind the last newline, if anything does. */
  end(): string | undefined {
    return this.held > 0 ? this.take() : undefined;
  }

  private hold(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, longest - this.held);
    if (kept.length === 0) return;
    this.parts.push(kept);
    this.held += kept.length;
  }

  private take(): string {
    const [first, ...more] = this.parts;
    let line = first ?? new Uint8Array(0);
    if (more.length > 0) {
      line = new Uint8Array(this.held);
      let at = 0;
      for (const part of this.parts) {
        line.set(part, at);
        at += part.length;
      }
    }
    this.parts = [];
    this.held = 0;
    return this.decoder.decode(line);
  }
}
