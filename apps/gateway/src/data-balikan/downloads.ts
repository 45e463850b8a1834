import { AsyncResource } from 'node:async_hooks';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError, Log, toAppError } from '#service';
import { PieceStream, SlowReader, type Piece } from './piece-stream.js';

/** How long one piece, at most 128 KB, may wait for its reader. */
const takeMs = 60_000;
/** At once, in this process. */
const mostDownloads = 16;
const busySeconds = 5;

export interface Download {
  /** Default: the one that comes with the first piece. */
  fileName?: string;
  contentType: string;
  institutionId: string;
  /** Rejects also when whoever reads may not any more. */
  readPiece: (n: number) => Promise<Piece & { fileName?: string }>;
}

/** Files that come over the bus in pieces and leave as one. */
@Injectable()
export class Downloads {
  private running = 0;

  constructor(private readonly log: Log) {}

  /** @throws {AppError} OVERLOADED, and whatever the first piece is refused with */
  async send({ fileName, contentType, institutionId, readPiece }: Download, reply: FastifyReply) {
    if (this.running >= mostDownloads) throw new AppError('OVERLOADED', { retryAfter: busySeconds });
    this.running += 1;
    const first = await readPiece(0).catch((error: unknown) => {
      this.running -= 1;
      throw error;
    });
    // pieces are asked for from the socket's events, outside of the request's asynchronous scope
    const stream = new PieceStream(first, AsyncResource.bind(readPiece), takeMs);
    stream.once('close', () => (this.running -= 1));
    stream.once(
      'error',
      AsyncResource.bind((error: Error) => this.tell(error, institutionId)),
    );
    const name = fileName ?? first.fileName?.replace(/[^\w.-]/g, '') ?? 'berkas';
    void reply.type(contentType).header('Content-Disposition', `attachment; filename="${name}"`);
    return new StreamableFile(stream);
  }

  private tell(error: Error, institutionId: string): void {
    const { code, cause } = toAppError(error);
    this.log.failure('download broken off', cause ?? error, { institutionId, code }, levelOf(error));
  }
}

const levelOf = (error: Error) => (error instanceof SlowReader ? 'warn' : toAppError(error).definition.logLevel);
