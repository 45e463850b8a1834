import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Called {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
/** A status, or what is done with the answer; `hang` and `cut` after the whole call was received. */
export type Answer = number | 'hang' | 'cut' | ((response: ServerResponse) => void);

/** The office's own server, on a real socket. */
export class ScriptedWebhook {
  readonly calls: Called[] = [];
  readonly accepted: Called[] = [];

  private constructor(
    private readonly server: Server,
    public answers: Answer[],
  ) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const call = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
        const answer = this.answers[Math.min(this.calls.length, this.answers.length - 1)] ?? 204;
        this.calls.push(call);
        if (answer === 'cut') request.socket.destroy();
        else if (typeof answer === 'function') answer(response);
        else if (answer !== 'hang') {
          if (answer < 300) this.accepted.push(call);
          response.writeHead(answer, { location: '/lain' }).end('{}');
        }
      });
    });
  }

  static async start(...answers: Answer[]): Promise<ScriptedWebhook> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedWebhook(server, answers);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/pengingat?kantor=uji`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
