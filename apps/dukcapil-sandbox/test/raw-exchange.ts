import { connect } from 'node:net';
import { SITI, type SandboxFixture } from './sandbox-fixture.js';

/** Everything that one connection gave, and how it ended. */
export function exchange(
  sandbox: SandboxFixture,
  patience = 5000,
): Promise<{ text: string; ended: string; ms: number }> {
  const { port, login, consumer } = sandbox;
  const body = JSON.stringify({ nik: SITI, ...login });
  const started = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const end = (ended: string) => {
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), ended, ms: performance.now() - started });
    };
    socket.setTimeout(patience, () => end('timeout'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => end('FIN'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
    socket.write(
      `POST ${consumer.pathPrefix}/call_nik HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}
export const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4);
