import { AsyncResource } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import { Controller, Inject, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { getReport, getReportKit, OfficeQuery, type ReportDetail } from '#contracts';
import { AppError, Log, RpcClient, toAppError } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { StandingAccess } from '../access/standing-access.js';
import { clockOf } from '../administration/admin-record.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { SlowReader } from '../evidence/bundle-stream.js';
import { askedInstitution, type AskedInstitution } from '../evidence/evidence-reader.js';
import { verifierFolderToken } from '../evidence/verifier-files.js';
import { ApiRoute } from '../http/route.decorator.js';
import { KitFiles, type KitOrder } from './kit-files.js';
import { kitStream } from './kit-stream.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;
/** How long a piece, at most 256 kB, may wait for its reader. */
const takeMs = 60_000;
/** At once, in this process. */
const mostKits = 2;
const busySeconds = 15;

/** Everything that the evaluator needs to count a report anew, without us (O-21). */
@Controller()
export class KitController {
  private running = 0;

  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
    private readonly standing: StandingAccess,
    private readonly log: Log,
    @Inject(verifierFolderToken) private readonly verifierFolder: string,
  ) {}

  @ApiRoute(getReportKit)
  async kit(
    @Req() request: AuthorisedRequest,
    @Param('id') id: string,
    @Query({ schema: OfficeQuery }) { institutionId: wanted }: OfficeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const institution = await askedInstitution(this.administration, request, wanted);
    const actor = await reportActorOf(this.administration, request, wanted);
    const report = await this.bus.call(getReport, { actor, id: idOf(id) }, { deadlineMs });
    if (this.running >= mostKits) throw new AppError('OVERLOADED', { retryAfter: busySeconds });
    this.running += 1;
    // files are asked for from the socket's events, outside of the request's asynchronous scope
    const call: RpcClient['call'] = AsyncResource.bind(this.bus.call.bind(this.bus));
    const confirm = AsyncResource.bind(() => this.standing.confirm(getReportKit, request));
    const order = { actor, report, institution, confirm };
    const stream = await this.begin(new KitFiles({ call }, this.verifierFolder), order).catch((error: unknown) => {
      this.running -= 1;
      throw error;
    });
    stream.once('close', () => (this.running -= 1));
    stream.once(
      'error',
      AsyncResource.bind((error: Error) => this.tell(error, institution.id)),
    );
    void reply
      .type(getReportKit.response.contentType)
      .header('Content-Disposition', `attachment; filename="${fileName(institution, report)}"`);
    return new StreamableFile(stream);
  }

  private async begin(files: KitFiles, order: Omit<KitOrder, 'at'>): Promise<Readable> {
    const { now } = await this.administration.transaction(clockOf);
    return kitStream(await files.open({ ...order, at: now.toISOString() }), takeMs);
  }

  private tell(error: Error, institutionId: string): void {
    const { code, cause } = toAppError(error);
    const level = error instanceof SlowReader ? 'warn' : 'error';
    this.log.failure('kit broken off', cause ?? error, { institutionId, code }, level);
  }
}

/** `kit-33.13.04-2026-01-01-2026-06-30-v1.zip` */
function fileName({ regionCode }: AskedInstitution, { period, version }: ReportDetail): string {
  return `kit-${regionCode}-${period.from}-${period.until}-v${version}.zip`.replace(/[^\w.-]/g, '');
}
