import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#service';
import { clockOf, record, type AdminActor } from '../administration/admin-record.js';
import type { Person } from './accounts.js';
import { endSessionsOf } from './end-sessions.js';
import { Session } from './entities.js';
import { makeSessionToken, sha256OfToken } from './session-cookies.js';

/** Of one person, on all computers together. */
export const mostSessions = 10;

/** Days for which a session that is over may still be asked about. */
const keptDays = 7;

export interface SessionTimes {
  /** Without a request for so many seconds, a session ends. */
  idleSeconds: number;
  /** So many hours after the log-in, a session ends in any case. */
  hours: number;
}

export interface OpenSession {
  id: string;
  address: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** Sessions of people: begun, listed, ended. Whether one is still open is seen at each request, with the access facts. */
@Injectable()
export class Sessions {
  constructor(
    private readonly source: DataSource,
    readonly times: SessionTimes,
  ) {}

  /**
   * Needs the account locked. Beyond ten, those that have been open longest end.
   *
   * @param before token of the session that this browser has left, which ends
   * @returns the token for the cookie, which is in no table
   */
  async begin(
    manager: EntityManager,
    { operatorId, role, institution }: Person,
    { address, method, before }: { address: string; method: string; before: string | undefined },
  ): Promise<{ id: string; token: string; expiresAt: Date }> {
    const actor: AdminActor = { kind: 'person', operatorId, role, institutionId: institution.id };
    if (before !== undefined) await this.endReplaced(manager, before);
    const others = await this.findOpen(operatorId, manager);
    const tooMany = others.slice(mostSessions - 1).map(({ id }) => id);
    if (tooMany.length > 0) await endSessionsOf(manager, operatorId, 'too-many', { actor, only: tooMany });

    const token = makeSessionToken();
    const { now } = await clockOf(manager);
    const expiresAt = new Date(now.getTime() + this.times.hours * 3_600_000);
    const { identifiers } = await manager.insert(Session, {
      tokenSha256: sha256OfToken(token),
      operatorId,
      address: plainAddress(address),
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
    });
    const { id } = identifiers[0] as { id: string };
    await record(manager, {
      institutionId: institution.id,
      act: 'session.begin',
      subject: { type: 'session', id },
      actor,
      after: { address: plainAddress(address), method },
    });
    return { id, token, expiresAt };
  }

  /** Newest first. */
  async findOpen(operatorId: string, manager: EntityManager = this.source.manager): Promise<OpenSession[]> {
    return manager.query<OpenSession[]>(
      `SELECT id, host(address) AS address, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt"
       FROM access.session
       WHERE operator_id = $1 AND ended_at IS NULL AND expires_at > access.clock()
         AND last_seen_at > access.clock() - make_interval(secs => $2)
       ORDER BY created_at DESC, id DESC`,
      [operatorId, this.times.idleSeconds],
    );
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND when it is not open or not this person's */
  async end(actor: Extract<AdminActor, { kind: 'person' }>, id: string, reason: string): Promise<void> {
    await this.source.transaction(async (manager) => {
      const ended = await endSessionsOf(manager, actor.operatorId, reason, { actor, only: [id] });
      if (ended === 0) throw new AppError('RESOURCE_NOT_FOUND');
    });
  }

  /** What was begun and ended is on record; the sessions themselves need not be kept. */
  async removeOld(): Promise<void> {
    await this.source.query(
      'DELETE FROM access.session WHERE expires_at < access.clock() - make_interval(days => $1)',
      [keptDays],
    );
  }

  /** The one who leaves may be another than the one who comes. */
  private async endReplaced(manager: EntityManager, token: string): Promise<void> {
    const left = await manager.findOneBy(Session, { tokenSha256: sha256OfToken(token) });
    if (left) await endSessionsOf(manager, left.operatorId, 'replaced', { only: [left.id] });
  }
}

/** As PostgreSQL's inet takes it: IPv4 as such, and without a zone. */
const plainAddress = (address: string): string => ipaddr.process(address.split('%', 1)[0] ?? '').toString();
