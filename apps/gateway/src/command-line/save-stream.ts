import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sink } from './connection.js';
import { CommandFailure, exitStatus } from './exit-status.js';

/** Longer than the last line of a bundle. */
const tailBytes = 256;

/**
 * Writes an answer to disk as it comes, readable for its owner only, as `<path>.sebagian` until all of it is there. Whatever fails
 * removes that, and leaves a file of the right name from before as it was.
 * @param bundle its last line says that it is whole
 */
export function saveStream(path: string, bundle: boolean): Sink {
  return async (body) => {
    const part = `${path}.sebagian`;
    try {
      const tail = await writeAll(body, part);
      // a proxy may end an answer that was cut off as if it were whole
      if (bundle && !endsBundle(tail)) throw brokenOff;
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw isOfDisk(error) ? notWritten(path, error) : error;
    }
  };
}

/** @returns the last bytes */
async function writeAll(body: Readable, path: string): Promise<string> {
  await rm(path, { force: true });
  let tail: Buffer = Buffer.alloc(0);
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
      done(null, chunk);
    },
  });
  await pipeline(body, watch, createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }));
  return tail.toString('utf8');
}

function endsBundle(tail: string): boolean {
  const last = tail.trimEnd().split('\n').at(-1) ?? '';
  return tail.endsWith('\n') && /^\{"end":true,"leaves":\d+,"checkpoints":\d+\}$/.test(last);
}

const brokenOff = new CommandFailure(exitStatus.unreachable, [
  'Bundel terputus di tengah jalan (baris terakhirnya tidak ada), jadi tidak disimpan. Ulangi perintah ini.',
]);

const isOfDisk = (error: unknown): error is NodeJS.ErrnoException =>
  /^E(ACCES|DQUOT|EXIST|FBIG|IO|ISDIR|NOENT|NOSPC|PERM|ROFS)$/.test((error as NodeJS.ErrnoException).code ?? '');

const notWritten = (path: string, cause: NodeJS.ErrnoException): CommandFailure =>
  new CommandFailure(exitStatus.refused, [`--out: berkas "${path}" tidak dapat ditulis (${cause.code}).`], { cause });
