import { Body, Controller, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import {
  BatchQuery,
  decideBalikanBatch,
  decideBatch,
  getBalikanBatch,
  getBalikanResult,
  getBatch,
  listBalikanBatches,
  listBalikanFaults,
  listBatches,
  listRowFaults,
  readBatchResult,
  RowFaultQuery,
  type Batch,
  type BatchPage,
  type RowFaultPage,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { readerOf } from '../evidence/evidence-reader.js';
import { ApiRoute } from '../http/route.decorator.js';
import { BalikanAccess, idOf } from './balikan-access.js';
import { Downloads } from './downloads.js';

const deadlineMs = 5_000;
/** A decision is committed with what it does to the rows. */
const decideDeadlineMs = 15_000;

const Decision = decideBalikanBatch.body.schema;

/** Files that were handed in: how they stand, and what is wrong with them (O-08). */
@Controller()
export class BalikanBatchesController {
  constructor(
    private readonly bus: RpcClient,
    private readonly access: BalikanAccess,
    private readonly downloads: Downloads,
  ) {}

  @ApiRoute(listBalikanBatches)
  async list(
    @Req() { facts }: AuthorisedRequest,
    @Query({ schema: BatchQuery }) query: z.infer<typeof BatchQuery>,
  ): Promise<BatchPage> {
    readerOf(facts);
    return this.bus.call(listBatches, { institutionId: facts.institution.id, query }, { deadlineMs });
  }

  @ApiRoute(getBalikanBatch)
  async show(@Req() { facts }: AuthorisedRequest, @Param('id') text: string): Promise<Batch> {
    readerOf(facts);
    return this.bus.call(getBatch, { institutionId: facts.institution.id, id: idOf(text) }, { deadlineMs });
  }

  @ApiRoute(listBalikanFaults)
  async faults(
    @Req() { facts }: AuthorisedRequest,
    @Param('id') text: string,
    @Query({ schema: RowFaultQuery }) query: z.infer<typeof RowFaultQuery>,
  ): Promise<RowFaultPage> {
    readerOf(facts);
    const input = { institutionId: facts.institution.id, id: idOf(text), query };
    return this.bus.call(listRowFaults, input, { deadlineMs });
  }

  @ApiRoute(decideBalikanBatch)
  async decide(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Body({ schema: Decision }) { decision }: z.infer<typeof Decision>,
  ): Promise<Batch> {
    const { institutionId } = await this.access.actorOf(request);
    return this.bus.call(decideBatch, { institutionId, id: idOf(text), decision }, { deadlineMs: decideDeadlineMs });
  }

  /** There are NIKs in it: whoever reads is looked at anew with each piece. */
  @ApiRoute(getBalikanResult)
  async result(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { institutionId } = await this.access.actorOf(request);
    const one = { institutionId, id: idOf(text) };
    const { format } = await this.bus.call(getBatch, one, { deadlineMs });
    const readPiece = async (n: number) => {
      if (n > 0) await this.access.confirmActor(getBalikanResult, request);
      return this.bus.call(readBatchResult, { ...one, n }, { deadlineMs });
    };
    const fileName = `data-balikan-${one.id}.${format === 'XLSX' ? 'xlsx' : 'csv'}`;
    const { contentType } = getBalikanResult.response;
    return this.downloads.send({ fileName, contentType, institutionId, readPiece }, reply);
  }
}
