import { connect, type Socket } from 'node:net';

export type Answerer = (apdu: Buffer) => Buffer | 'mute' | 'leave';

/** A card in a slot of the virtual reader driver: speaks its TCP protocol (2 bytes length, then a control byte or an APDU). */
export class VirtualCard {
  readonly commands: string[] = [];
  private gone = false;
  private constructor(
    private readonly socket: Socket,
    private readonly atr: Buffer,
    private readonly answer: Answerer,
  ) {}

  /** Laid on the reader. */
  static insert(port: number, atr: Buffer, answer: Answerer): Promise<VirtualCard> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const card = new VirtualCard(socket, atr, answer);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', () => undefined);
        card.listen();
        resolve(card);
      });
    });
  }

  /** Taken away. */
  remove(): Promise<void> {
    this.gone = true;
    return new Promise((resolve) => {
      if (this.socket.destroyed) return resolve();
      this.socket.once('close', () => resolve());
      this.socket.destroy();
    });
  }

  private listen(): void {
    let buffered = Buffer.alloc(0);
    this.socket.on('data', (bytes) => {
      buffered = Buffer.concat([buffered, bytes]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const length = buffered.readUInt16BE(0);
        this.take(buffered.subarray(2, 2 + length));
        buffered = buffered.subarray(2 + length);
      }
    });
  }

  private take(message: Buffer): void {
    if (message.length === 1) {
      // 0 off, 1 on, 2 reset: no answer; 4: the ATR
      if (message[0] === 4) this.say(this.atr);
      return;
    }
    this.commands.push(message.toString('hex'));
    const answer = this.answer(message);
    if (answer === 'leave') void this.remove();
    else if (answer !== 'mute') this.say(answer);
  }

  private say(bytes: Buffer): void {
    if (this.gone) return;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    this.socket.write(Buffer.concat([length, bytes]));
  }
}

const hex = (text: string) => Buffer.from(text, 'hex');
export const ktpAtr = hex('3B8880010000000000718100F9'.slice(0, 26));
export const samAtr = hex('3BFF1100008131FE4D8025A00000005657444B3333300600D0');

/** A KTP-el as far as it shows itself without a SAM: folder 7F0A, photo 6FF2. `change` spoils an answer. */
export function ktp(
  photo: Buffer,
  change: (apdu: Buffer, n: number) => ReturnType<Answerer> | undefined = () => undefined,
): Answerer {
  let n = 0;
  return (apdu) => {
    const changed = change(apdu, n++);
    if (changed !== undefined) return changed;
    const text = apdu.toString('hex');
    if (text === '00a40000027f0a' || text === '00a40000026ff2') return hex('9000');
    if (!text.startsWith('00b0')) return hex('6d00');
    const offset = apdu.readUInt16BE(2);
    if (offset >= photo.length) return hex('6b00');
    return Buffer.concat([photo.subarray(offset, offset + Math.min(apdu[4] ?? 0, 112)), hex('9000')]);
  };
}
