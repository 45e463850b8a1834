import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { page, type Answer } from '../call-nik/page.js';

export const JSON_TYPE = 'application/json;charset=UTF-8';

/** No request is left hanging for longer than this. */
const LONGEST_HANG = 120_000;
const DRIP_INTERVAL = 50;

/** A whole body at once. */
export function sendText(response: ServerResponse, body: string | Buffer, type = JSON_TYPE, status = 200): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Never answers; closes the connection in the end. */
export function hang(response: ServerResponse, socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LONGEST_HANG).unref();
  response.once('close', () => clearTimeout(timer));
}

/** The body, so many bytes a second. */
export function drip(response: ServerResponse, text: string, bytesPerSecond: number): void {
  const body = Buffer.from(text);
  response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': body.length });
  response.flushHeaders();
  const started = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(body.length, Math.floor(((performance.now() - started) * bytesPerSecond) / 1000));
    if (due > sent) response.write(body.subarray(sent, due));
    sent = due;
    if (sent === body.length) response.end();
  }, DRIP_INTERVAL);
  response.once('close', () => clearInterval(timer));
}

/** Half of the body; what is missing shows in the content-length, or only in the JSON. */
export function truncate(
  response: ServerResponse,
  socket: Socket,
  text: string,
  ending: 'content-length' | 'chunked',
): void {
  const body = Buffer.from(text);
  const half = body.subarray(0, body.length >> 1);
  if (ending === 'chunked') {
    response.writeHead(200, { 'content-type': JSON_TYPE, 'transfer-encoding': 'chunked' });
    response.end(half);
    return;
  }
  response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': body.length });
  response.write(half, () => socket.destroySoon());
}

/** Bytes that are no JSON and no UTF-8. */
export function randomBody(): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0x00]), randomBytes(510)]);
}

/** The text with an Ö, in another encoding than UTF-8. */
export function garble(text: string, encoding: 'utf16le' | 'latin1'): Buffer {
  return Buffer.from(text.replaceAll('CONTOH', 'CONTÖH').replace(/Data|DATA|data/, 'DÖTÖ'), encoding);
}

/** The right record, with a text in it that does not end for a long while. */
export function streamHuge(response: ServerResponse, right: Answer, megabytes: number): void {
  const chunk = Buffer.alloc(65_536, 'X');
  const [before = '', after = ''] = page({ ...right, record: `${right.record.slice(0, -1)},"LAIN":"|"}` }).split('|');
  let left = Math.ceil((megabytes * 1_048_576) / chunk.length);
  response.writeHead(200, { 'content-type': JSON_TYPE, 'transfer-encoding': 'chunked' });
  response.write(before);
  const pump = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', pump);
        return;
      }
    }
    if (!response.destroyed) response.end(after);
  };
  pump();
}
