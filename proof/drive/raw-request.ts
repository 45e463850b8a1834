import { connect } from 'node:net';
import { readAnswer, type Answer } from './answers.js';

/** Bytes as they are, to the gateway; for what no HTTP client would send. */
export function sendRaw(url: string, bytes: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const end = () => {
      socket.destroy();
      resolve(split(Buffer.concat(chunks).toString('latin1')));
    };
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', end);
    socket.on('error', end);
    socket.setTimeout(2_000, end);
    socket.end(Buffer.from(bytes, 'latin1'));
  });
}

function split(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const one of lines) {
    const colon = one.indexOf(':');
    if (colon > 0) headers.append(one.slice(0, colon), one.slice(colon + 1).trim());
  }
  return readAnswer(Number(line.split(' ')[1] ?? 0) || 0, headers, rest.join('\r\n\r\n'));
}
