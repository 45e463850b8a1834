import { Controller, Param, Query, Req } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { AdminEventQuery, listAdminEvents, type AdminEventPage } from '#contracts';
import type { SessionRequest } from '../access/principal.js';
import { contentHashOf } from '../evidence-report/particulars.js';
import { ApiRoute } from '../http/route.decorator.js';
import { actorOf, Administration } from './administration.service.js';
import { AdminEvent } from './entities.js';
import { peopleOf } from './proposal-detail.js';

@Controller()
export class AdminEventsController {
  constructor(private readonly administration: Administration) {}

  @ApiRoute(listAdminEvents)
  async list(
    @Req() request: SessionRequest,
    @Param('institutionId') id: string,
    @Query({ schema: AdminEventQuery }) { act, subjectId, limit, before }: AdminEventQuery,
  ): Promise<AdminEventPage> {
    return this.administration.read(actorOf(request), id, async ({ manager, institution }) => {
      const rows = await manager.find(AdminEvent, {
        where: {
          institutionId: institution.id,
          ...(act ? { act } : {}),
          ...(subjectId ? { subjectId } : {}),
          ...(before ? { id: LessThan(before) } : {}),
        },
        order: { id: 'DESC' },
        take: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const people = await peopleOf(
        manager,
        shown.map(({ actorId }) => actorId),
      );
      return {
        events: shown.map((row) => ({
          id: row.id,
          at: row.at.toISOString(),
          act: row.act as AdminEventPage['events'][number]['act'],
          subject: { type: row.subjectType, id: row.subjectId },
          actor: { kind: row.actorKind, id: row.actorId, name: people(row.actorId)?.name ?? null, role: row.actorRole },
          proposalId: row.proposalId,
          before: row.before,
          after: row.after,
          reason: row.reason,
          evidence: { salt: row.salt.toString('base64'), contentHash: contentHashOf(row) },
        })),
        next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
      };
    });
  }
}
