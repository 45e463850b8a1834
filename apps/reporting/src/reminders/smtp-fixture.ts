import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `hang`: no answer; `cut`: the connection ends; a text is sent as it stands, a line each. */
export type Reply = string;
/** One reply for every time, or one for each time, the last for all later ones. */
type Replies = Reply | readonly Reply[];

export interface SmtpScript {
  greeting?: Replies;
  ehlo?: Replies;
  mail?: Replies;
  /** Also by recipient. */
  rcpt?: Replies | Record<string, Reply>;
  data?: Replies;
  /** To the dot that ends a message. */
  dot?: Replies;
}

const usual = {
  greeting: '220 uji ESMTP',
  ehlo: '250-uji\r\n250 PIPELINING',
  mail: '250 ok',
  data: '354 go on',
  dot: '250 taken',
} as const;

/** A mail server that does what a test says, on a real socket. */
export class ScriptedSmtp {
  /** Messages that were complete, and of these the ones that it said 250 to. */
  readonly complete: string[] = [];
  readonly accepted: string[] = [];
  readonly lines: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly times = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    public script: SmtpScript,
  ) {
    server.on('connection', (socket) => this.talk(socket));
  }

  static async start(script: SmtpScript = {}): Promise<ScriptedSmtp> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedSmtp(server, script);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private talk(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    let text = '';
    let inData = false;
    this.reply(socket, 'greeting', this.script.greeting);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        // a message without anything: how a client leaves a DATA that it did not want
        if (inData && text.startsWith('.\r\n')) {
          inData = false;
          text = text.slice(3);
          socket.write('250 nothing\r\n');
        }
        const end = inData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at < 0) return;
        const part = text.slice(0, at);
        text = text.slice(at + end.length);
        if (inData) {
          inData = false;
          this.complete.push(part);
          if (this.reply(socket, 'dot', this.script.dot).startsWith('250 ')) this.accepted.push(part);
        } else if (this.command(socket, part)) inData = true;
      }
    });
  }

  /** Whether a message follows. */
  private command(socket: Socket, line: string): boolean {
    this.lines.push(line);
    const { ehlo, mail, rcpt, data } = this.script;
    if (/^EHLO/i.test(line)) this.reply(socket, 'ehlo', ehlo);
    else if (/^MAIL/i.test(line)) this.reply(socket, 'mail', mail);
    else if (/^RCPT/i.test(line)) {
      const to = /<(.*)>/.exec(line)?.[1] ?? '';
      const reply = typeof rcpt === 'object' && !Array.isArray(rcpt) ? (rcpt as Record<string, Reply>)[to] : rcpt;
      this.reply(socket, 'rcpt', (reply as Replies | undefined) ?? '250 ok');
    } else if (/^DATA/i.test(line)) return this.reply(socket, 'data', data).startsWith('354');
    else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
    else socket.write('502 what\r\n');
    return false;
  }

  private reply(socket: Socket, stage: string, given: Replies | undefined): string {
    const time = this.times.get(stage) ?? 0;
    this.times.set(stage, time + 1);
    const replies = given ?? (usual as Record<string, string>)[stage] ?? '250 ok';
    const reply = typeof replies === 'string' ? replies : (replies[Math.min(time, replies.length - 1)] ?? 'hang');
    if (reply === 'cut') socket.destroy();
    else if (reply !== 'hang') socket.write(`${reply}\r\n`);
    return reply;
  }
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
