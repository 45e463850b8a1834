import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  beginUpload,
  chunkBytes,
  finishUpload,
  uploadChunk,
  type BalikanActor,
  type Batch,
  type RpcInput,
  type UploadPolicy,
} from '#contracts';
import { AppError, type RpcClient } from '#service';
import { inPieces } from './uploaded-file.js';

type Bus = Pick<RpcClient, 'call'>;

const deadlineMs = 8_000;
/** A piece may be sent again: a service that is restarted does not cost a clerk the upload. */
const tries = 3;
const pauseMs = 500;

export interface Upload {
  actor: BalikanActor;
  policy: UploadPolicy;
  file: AsyncIterable<Buffer>;
  /** Asked before each piece: rejects when whoever sends may not any more. */
  confirm: () => Promise<void>;
}

/**
 * Hands a file on, piece by piece, as fast as the service takes it. Nothing is queued before the last piece is there; what
 * breaks off is thrown away by the service.
 */
export async function sendUpload(bus: Bus, { actor, policy, file, confirm }: Upload): Promise<Batch> {
  const { institutionId } = actor;
  const hash = createHash('sha256');
  let id: string | undefined;
  let [chunks, bytes] = [0, 0];
  for await (const piece of inPieces(file, chunkBytes)) {
    await confirm();
    id ??= await begin(bus, actor, policy);
    hash.update(piece);
    await sendPiece(bus, { institutionId, id, n: chunks, bytes: piece.toString('base64') });
    chunks += 1;
    bytes += piece.length;
  }
  await confirm();
  id ??= await begin(bus, actor, policy);
  const whole = { institutionId, id, chunks, bytes, sha256: hash.digest('hex') };
  return bus.call(finishUpload, whole, { deadlineMs });
}

async function begin(bus: Bus, actor: BalikanActor, policy: UploadPolicy): Promise<string> {
  const { id } = await bus.call(beginUpload, { actor, policy }, { deadlineMs });
  return id;
}

async function sendPiece(bus: Bus, piece: RpcInput<typeof uploadChunk>): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await bus.call(uploadChunk, piece, { deadlineMs });
      return;
    } catch (error) {
      const passing = error instanceof AppError && ['SERVICE_UNAVAILABLE', 'SERVICE_TIMEOUT'].includes(error.code);
      if (!passing || tried === tries) throw error;
      await wait(pauseMs * tried);
    }
  }
}
