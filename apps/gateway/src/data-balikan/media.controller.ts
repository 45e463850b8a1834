import { Body, Controller, Param, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  cancelBalikanPackage,
  cancelMediaPackage,
  getBalikanPackage,
  getBalikanPackageFile,
  getBalikanPackageMinutes,
  getMediaPackage,
  listBalikanPackages,
  listMediaPackages,
  makeBalikanPackage,
  makeMediaPackage,
  mediaFileName,
  MediaReceipt,
  readMediaPackage,
  receiptBalikanPackage,
  receiptMediaPackage,
  type MediaPackage,
  type MediaPackageList,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest } from '../access/principal.js';
import { readerOf } from '../evidence/evidence-reader.js';
import { ApiRoute } from '../http/route.decorator.js';
import { BalikanAccess, idOf } from './balikan-access.js';
import { Downloads } from './downloads.js';

const deadlineMs = 5_000;
/** Packing writes and encrypts every undelivered record; settling touches each of them. */
const packDeadlineMs = 60_000;

/** Offline media: what goes to Disdukcapil by hand (O-08). */
@Controller()
export class BalikanMediaController {
  constructor(
    private readonly bus: RpcClient,
    private readonly access: BalikanAccess,
    private readonly downloads: Downloads,
  ) {}

  @ApiRoute(makeBalikanPackage)
  async make(@Req() request: AuthorisedRequest): Promise<MediaPackage> {
    const actor = await this.access.actorOf(request);
    return this.bus.call(makeMediaPackage, { actor }, { deadlineMs: packDeadlineMs });
  }

  @ApiRoute(listBalikanPackages)
  async list(@Req() { facts }: AuthorisedRequest): Promise<MediaPackageList> {
    readerOf(facts);
    return this.bus.call(listMediaPackages, { institutionId: facts.institution.id }, { deadlineMs });
  }

  @ApiRoute(getBalikanPackage)
  async show(@Req() { facts }: AuthorisedRequest, @Param('id') text: string): Promise<MediaPackage> {
    readerOf(facts);
    return this.bus.call(getMediaPackage, { institutionId: facts.institution.id, id: idOf(text) }, { deadlineMs });
  }

  @ApiRoute(getBalikanPackageFile)
  async file(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { institutionId } = await this.access.actorOf(request);
    const one = { institutionId, id: idOf(text) };
    const fileName = mediaFileName(await this.bus.call(getMediaPackage, one, { deadlineMs }));
    const readPiece = async (n: number) => {
      if (n > 0) await this.access.confirmActor(getBalikanPackageFile, request);
      return this.bus.call(readMediaPackage, { ...one, part: 'FILE', n }, { deadlineMs });
    };
    const { contentType } = getBalikanPackageFile.response;
    return this.downloads.send({ fileName, contentType, institutionId, readPiece }, reply);
  }

  @ApiRoute(getBalikanPackageMinutes)
  async minutes(
    @Req() { facts }: AuthorisedRequest,
    @Param('id') text: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    readerOf(facts);
    const institutionId = facts.institution.id;
    const one = { institutionId, id: idOf(text) };
    const { number } = await this.bus.call(getMediaPackage, one, { deadlineMs });
    const readPiece = (n: number) =>
      this.bus.call(readMediaPackage, { ...one, part: 'MINUTES', n }, { deadlineMs: packDeadlineMs });
    const { contentType } = getBalikanPackageMinutes.response;
    const fileName = `berita-acara-data-balikan-${number}.pdf`;
    return this.downloads.send({ fileName, contentType, institutionId, readPiece }, reply);
  }

  @ApiRoute(receiptBalikanPackage)
  async receipt(
    @Req() request: AuthorisedRequest,
    @Param('id') text: string,
    @Body({ schema: MediaReceipt }) receipt: MediaReceipt,
  ): Promise<MediaPackage> {
    const { institutionId } = await this.access.actorOf(request);
    const input = { institutionId, id: idOf(text), receipt };
    return this.bus.call(receiptMediaPackage, input, { deadlineMs: packDeadlineMs });
  }

  @ApiRoute(cancelBalikanPackage)
  async cancel(@Req() request: AuthorisedRequest, @Param('id') text: string): Promise<MediaPackage> {
    const { institutionId } = await this.access.actorOf(request);
    return this.bus.call(cancelMediaPackage, { institutionId, id: idOf(text) }, { deadlineMs: packDeadlineMs });
  }
}
