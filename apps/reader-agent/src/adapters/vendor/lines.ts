/** Longer than any honest message: it ends the conversation. */
const mostChars = 64 * 1024;

/** Cuts a stream into lines; one that never ends is reported, once, instead of filling the memory. */
export class Lines {
  private rest = '';
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onTooLong: () => void,
  ) {}

  take(bytes: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.onLine(line);
    if (this.rest.length <= mostChars) return;
    this.rest = '';
    this.onTooLong();
  }
}
