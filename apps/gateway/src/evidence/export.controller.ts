import { AsyncResource } from 'node:async_hooks';
import { Controller, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { EvidenceExportQuery, exportEvidence, type beginExport, type RpcInput } from '#contracts';
import { AppError, Log, RpcClient, toAppError } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { clockOf } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { ApiRoute } from '../http/route.decorator.js';
import { SlowReader, type Bundle, type BundleStream } from './bundle-stream.js';
import { openBundle } from './bundles.js';
import { askedInstitution, type AskedInstitution } from './evidence-reader.js';

/** At once, in this process. */
const mostExports = 2;
const busySeconds = 15;

/** A bundle of evidence for whoever wants to check it without us. */
@Controller()
export class ExportController {
  private running = 0;

  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
    private readonly log: Log,
  ) {}

  @ApiRoute(exportEvidence)
  async export(
    @Req() request: AuthorisedRequest,
    @Query({ schema: EvidenceExportQuery }) { institutionId: wanted, from, to, generation }: EvidenceExportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const institution = await askedInstitution(this.administration, request, wanted);
    if (this.running >= mostExports) throw new AppError('OVERLOADED', { retryAfter: busySeconds });
    this.running += 1;
    const bounds = { from, ...(to === undefined ? {} : { to }), ...(generation === undefined ? {} : { generation }) };
    const { bundle, stream } = await this.begin(institution, bounds).catch((error: unknown) => {
      this.running -= 1;
      throw error;
    });
    stream.once('close', () => (this.running -= 1));
    void reply
      .type('application/jsonl; charset=utf-8')
      .header('Content-Disposition', `attachment; filename="${fileName(institution, bundle)}"`);
    // what fails on the way takes the connection with it; a HEAD ends it at once
    return new StreamableFile(stream);
  }

  private async begin(
    { id, name }: AskedInstitution,
    bounds: Omit<RpcInput<typeof beginExport>, 'institutionId'>,
  ): Promise<{ bundle: Bundle; stream: BundleStream }> {
    const { now } = await this.administration.transaction(clockOf);
    const { bundle, stream } = await openBundle(this.bus, { id, name }, bounds, now.toISOString());
    stream.once(
      'error',
      AsyncResource.bind((error: Error) => this.tell(error, id)),
    );
    return { bundle, stream };
  }

  private tell(error: Error, institutionId: string): void {
    const { code, cause } = toAppError(error);
    const level = error instanceof SlowReader ? 'warn' : 'error';
    this.log.failure('export broken off', cause ?? error, { institutionId, code }, level);
  }
}

/** `bukti-33.13.04-1-0-20852.jsonl`: of which office, generation and leaves. */
function fileName({ regionCode }: AskedInstitution, { origin, from, to }: Bundle): string {
  const generation = origin.slice(origin.lastIndexOf('/') + 1);
  return `bukti-${regionCode}-${generation}-${from}-${to}.jsonl`.replace(/[^\w.-]/g, '');
}
