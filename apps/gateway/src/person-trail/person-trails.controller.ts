import { Body, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PersonTrailRequest, printPersonTrail, tracePersonData, type PersonTrail } from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { ApiRoute } from '../http/route.decorator.js';
import { renderPersonTrail } from './person-trail-letter.js';
import { PersonTrails } from './person-trails.js';

@Controller()
export class PersonTrailsController {
  constructor(private readonly trails: PersonTrails) {}

  @ApiRoute(tracePersonData)
  async show(
    @Req() request: SessionRequest,
    @Body({ schema: PersonTrailRequest }) asked: PersonTrailRequest,
  ): Promise<PersonTrail> {
    return this.trails.show(request, asked);
  }

  @ApiRoute(printPersonTrail)
  async print(
    @Req() request: SessionRequest,
    @Body({ schema: PersonTrailRequest }) asked: PersonTrailRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const letter = await this.trails.letter(request, asked);
    const pdf = await renderPersonTrail(letter);
    void reply
      .type('application/pdf')
      .header('Content-Disposition', `attachment; filename="riwayat-akses-${letter.trail.id}.pdf"`);
    return pdf;
  }
}
