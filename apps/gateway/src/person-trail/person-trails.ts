import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { nikMessages, readNik, tracePerson, type PersonTrail, type PersonTrailRequest } from '#contracts';
import { AppError, RpcClient } from '#service';
import { Agreement, Operator } from '../access/entities.js';
import type { SessionRequest } from '../access/principal.js';
import { actorOf, Administration } from '../administration/administration.service.js';
import type { PersonTrailLetter } from './person-trail-letter.js';

const deadlineMs = 15_000;

/** Discloses to a person, by the Camat, who looked at their data here (O-24). Each disclosure is evidence itself. */
@Injectable()
export class PersonTrails {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  /** @throws {AppError} NIK_INVALID, RATE_LIMITED, EVIDENCE_UNAVAILABLE, SERVICE_UNAVAILABLE */
  async show(request: SessionRequest, asked: PersonTrailRequest): Promise<PersonTrail> {
    return (await this.letter(request, asked)).trail;
  }

  /** The same with what else stands in the letter. */
  async letter(request: SessionRequest, asked: PersonTrailRequest): Promise<PersonTrailLetter> {
    const actor = actorOf(request);
    const institutionId = request.facts.institution.id;
    const operatorId = request.facts.operator.id;
    const nik = readNik(asked.nik);
    if (!nik.ok) throw new AppError('NIK_INVALID', { issues: [{ path: 'nik', message: nikMessages[nik.fault] }] });
    const agreements = await this.administration.read(actor, institutionId, ({ manager }) =>
      manager.find(Agreement, { where: { institutionId }, select: { id: true } }),
    );
    const { id, at, entries, complete } = await this.bus.call(
      tracePerson,
      { institutionId, agreementIds: agreements.map((agreement) => agreement.id), operatorId, request: asked },
      { deadlineMs },
    );
    return this.administration.read(actor, institutionId, async ({ manager, institution }) => {
      const ids = [...new Set([operatorId, ...entries.flatMap((entry) => entry.operatorId ?? [])])];
      const people = new Map((await manager.findBy(Operator, { id: In(ids) })).map((one) => [one.id, one]));
      const officeOf = (by: string | null) => {
        const unit = by === null ? undefined : people.get(by)?.workUnit;
        return unit ? `${institution.name}, ${unit}` : institution.name;
      };
      return {
        trail: {
          id,
          at,
          institution: { id: institution.id, name: institution.name },
          entries: entries.map(({ operatorId: by, ...entry }) => ({ ...entry, office: officeOf(by) })),
          complete,
        },
        institution: { regionCode: institution.regionCode, address: institution.address },
        requestNumber: asked.requestNumber,
        nik: nik.nik,
        camat: { name: request.facts.operator.fullName, nip: people.get(operatorId)?.nip ?? null },
      };
    });
  }
}
