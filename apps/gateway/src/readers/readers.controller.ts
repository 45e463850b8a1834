import { Body, Controller, Param, Req, Res, StreamableFile, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  cancelReading,
  createRead,
  listReaders,
  ReadRequest,
  type ReadAnswer,
  type ReaderSummaryList,
} from '#contracts';
import { AppError } from '#service';
import { operatorGates } from '../access/decide-access.js';
import type { AuthorisedRequest } from '../access/principal.js';
import { RefusalInterceptor } from '../access/refusal.interceptor.js';
import { ApiRoute } from '../http/route.decorator.js';
import { ReaderService } from './reader.service.js';
import { ReadStream } from './read-stream.js';

/** Readers at the counter: how they stand, a read, its end. */
@Controller()
@UseInterceptors(RefusalInterceptor)
export class ReadersController {
  constructor(private readonly service: ReaderService) {}

  @ApiRoute(listReaders)
  async list(@Req() request: AuthorisedRequest): Promise<ReaderSummaryList> {
    const gate = operatorGates(request.facts)[0];
    if (gate) throw new AppError(gate.code);
    return { readers: await this.service.list(request) };
  }

  @ApiRoute(createRead)
  async read(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Body({ schema: ReadRequest }) body: ReadRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReadAnswer | StreamableFile> {
    const asker = watchAsker(reply);
    const reading = await this.service.begin(request, id, body);
    asker.onLeaving(() => reading.cancel());
    if (wantsJson(request)) return reading.answer;
    // a proxy that collects an answer would keep the news
    void reply.type('text/event-stream; charset=utf-8').header('X-Accel-Buffering', 'no');
    return new StreamableFile(new ReadStream(reading));
  }

  @ApiRoute(cancelReading)
  async cancel(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Param('readId') readId: string,
  ): Promise<{ running: boolean }> {
    return this.service.cancel(request, id, readId);
  }
}

/** JSON alone where that is asked for by name; events for everybody else. */
const wantsJson = ({ headers: { accept = '' } }: AuthorisedRequest): boolean =>
  accept.includes('application/json') && !accept.includes('text/event-stream');

/** Whoever hangs up has cancelled, also while the order is on its way to the reader. */
function watchAsker({ raw }: FastifyReply): { onLeaving(act: () => void): void } {
  let hasLeft = false;
  let act: () => void = () => undefined;
  raw.once('close', () => {
    hasLeft = !raw.writableFinished;
    if (hasLeft) act();
  });
  return {
    onLeaving: (wanted) => {
      act = wanted;
      if (hasLeft) wanted();
    },
  };
}
