import { Body, Controller, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  configureNumbering,
  describeNumbering,
  draftOfficeLetter,
  getLetter,
  getLetterDocument,
  getLetterNumbering,
  LetterNumbering,
  listLetters,
  listOfficeLetters,
  makeLetter,
  NewLetter,
  putLetterNumbering,
  readLetter,
  ReportingPageQuery,
  type Letter,
  type LetterPage,
} from '#contracts';
import { RpcClient } from '#service';
import { SealingKey } from '#service/keys/sealing-key';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { StandingAccess } from '../access/standing-access.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { Downloads } from '../data-balikan/downloads.js';
import { ApiRoute } from '../http/route.decorator.js';
import { findOfficials } from './officials.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;
/** A quota request counts half a year. */
const makeDeadlineMs = 30_000;

/** Letters that the agreement asks for. */
@Controller()
export class LettersController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
    private readonly standing: StandingAccess,
    private readonly downloads: Downloads,
    private readonly sealing: SealingKey,
  ) {}

  @ApiRoute(draftOfficeLetter)
  async draft(@Req() request: SessionRequest, @Body({ schema: NewLetter }) letter: NewLetter): Promise<Letter> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(makeLetter, { actor, letter }, { deadlineMs: makeDeadlineMs });
  }

  @ApiRoute(listOfficeLetters)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: ReportingPageQuery }) page: ReportingPageQuery,
  ): Promise<LetterPage> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(listLetters, { actor, ...page }, { deadlineMs });
  }

  @ApiRoute(getLetterNumbering)
  async numbering(@Req() request: SessionRequest): Promise<LetterNumbering> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(describeNumbering, { actor }, { deadlineMs });
  }

  @ApiRoute(putLetterNumbering)
  async number(
    @Req() request: SessionRequest,
    @Body({ schema: LetterNumbering }) numbering: LetterNumbering,
  ): Promise<LetterNumbering> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(configureNumbering, { actor, numbering }, { deadlineMs });
  }

  @ApiRoute(getLetterDocument)
  async document(
    @Req() request: SessionRequest,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const actor = await reportActorOf(this.administration, request);
    const one = { actor, id: idOf(id) };
    const { officialIds } = await this.bus.call(getLetter, one, { deadlineMs });
    const officials = await this.administration.transaction((manager) =>
      findOfficials(manager, this.sealing, actor.institutionId, officialIds),
    );
    const readPiece = async (n: number) => {
      if (n > 0) await this.standing.confirm(getLetterDocument, request);
      return this.bus.call(readLetter, { ...one, n, officials }, { deadlineMs: makeDeadlineMs });
    };
    const { contentType } = getLetterDocument.response;
    return this.downloads.send({ contentType, institutionId: actor.institutionId, readPiece }, reply);
  }
}
