import { AsyncResource } from 'node:async_hooks';
import { Controller, Inject, Optional, Param, Req, Res, StreamableFile, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { getBatch, watchBalikanBatch } from '#contracts';
import { AppError, RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { StandingAccess } from '../access/standing-access.js';
import { readerOf } from '../evidence/evidence-reader.js';
import { ApiRoute } from '../http/route.decorator.js';
import { idOf } from './balikan-access.js';
import { BatchEvents, type Pace } from './batch-events.js';

const readDeadlineMs = 5_000;
/** At once, in this process. */
const mostStreams = 50;
const busySeconds = 10;

export const paceToken = 'pace of batch events';
const usualPace: Pace = { pollMs: 500, heartbeatMs: 15_000, mostMs: 15 * 60_000 };

/** How a file is getting on, told as it happens. */
@Controller()
export class BatchEventsController implements OnModuleDestroy {
  private readonly streams = new Set<BatchEvents>();

  constructor(
    private readonly bus: RpcClient,
    private readonly standing: StandingAccess,
    @Optional() @Inject(paceToken) private readonly pace: Pace = usualPace,
  ) {}

  @ApiRoute(watchBalikanBatch)
  async watch(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    readerOf(request.facts);
    const input = { institutionId: request.facts.institution.id, id: idOf(text) };
    const read = () => this.bus.call(getBatch, input, { deadlineMs: readDeadlineMs });
    const first = await read();
    // after the first answer: from here to the entry nobody else can come between
    if (this.streams.size >= mostStreams) throw new AppError('OVERLOADED', { retryAfter: busySeconds });
    const look = async () => {
      await this.standing.confirm(watchBalikanBatch, request);
      readerOf(request.facts);
      return read();
    };
    // it is looked at from a timer, outside of the request's asynchronous scope
    const stream = new BatchEvents(first, AsyncResource.bind(look), this.pace);
    this.streams.add(stream);
    stream.once('close', () => this.streams.delete(stream));
    // a proxy that collects an answer would keep the news
    void reply.type('text/event-stream; charset=utf-8').header('X-Accel-Buffering', 'no');
    return new StreamableFile(stream);
  }

  /** A shutdown does not wait for batches. */
  onModuleDestroy(): void {
    for (const stream of this.streams) stream.end();
  }
}
