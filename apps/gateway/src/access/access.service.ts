import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { recordRefusal, type ElementName, type ErrorCode, type Purpose, type VerificationMode } from '#contracts';
import { AppError, type Log, type RpcClient } from '#service';
import type { AccessFacts } from './access-facts.js';
import type { AccessRepository } from './access.repository.js';
import { findAgreement } from './decide-access.js';

/**
 * How long facts are trusted, milliseconds. Together with one read it keeps the promise that a revocation takes effect
 * within a second, everywhere (O-19), without leaning on a notification that may get lost.
 */
const factsFreshMs = 400;
const refusalDeadlineMs = 2_000;

export interface RefusalDetails {
  purpose?: Purpose | undefined;
  mode?: VerificationMode | undefined;
  fields?: ElementName[] | undefined;
}

/** Keeps the facts of the access decision fresh, and puts refusals on record. */
@Injectable()
export class AccessService {
  private readonly facts = new LRUCache<string, AccessFacts, { clientId: string; operatorId: string | null }>({
    max: 5_000,
    ttl: factsFreshMs,
    ttlResolution: 0,
    fetchMethod: async (_key, _stale, { context }) => this.repository.findFacts(context.clientId, context.operatorId),
  });

  private readonly sessions = new LRUCache<string, AccessFacts>({
    max: 5_000,
    ttl: factsFreshMs,
    ttlResolution: 0,
    fetchMethod: async (tokenSha256) => this.repository.findSessionFacts(tokenSha256, this.idleSeconds),
  });

  constructor(
    private readonly repository: AccessRepository,
    private readonly bus: RpcClient,
    private readonly log: Log,
    private readonly idleSeconds: number,
  ) {}

  /** @throws {AppError} SERVICE_UNAVAILABLE when the database does not answer: what cannot be decided is refused */
  async findFacts(clientId: string, operatorId: string | null): Promise<AccessFacts | undefined> {
    try {
      return await this.facts.fetch(`${clientId}\n${operatorId ?? ''}`, { context: { clientId, operatorId } });
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }

  /** The same past the memory; of a client alone where no operator is named. */
  async readFacts(clientId: string, operatorId: string | null = null): Promise<AccessFacts | undefined> {
    try {
      const context = { clientId, operatorId };
      return await this.facts.fetch(`${clientId}\n${operatorId ?? ''}`, { context, forceRefresh: true });
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }

  /**
   * The same for a person who has logged in; undefined when the session is over.
   *
   * @param forceRefresh past the memory
   */
  async findSessionFacts(tokenSha256: string, forceRefresh = false): Promise<AccessFacts | undefined> {
    try {
      return await this.sessions.fetch(tokenSha256, { forceRefresh });
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }

  /** @throws {AppError} SERVICE_UNAVAILABLE */
  async findOperator(institutionId: string, userIdLokal: string): Promise<{ id: string } | undefined> {
    try {
      return await this.repository.findOperator(institutionId, userIdLokal);
    } catch (error) {
      throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 2 }, { cause: error });
    }
  }

  /** A refusal is evidence too; it is refused all the same when that cannot be written. */
  async recordRefusal(facts: AccessFacts, code: ErrorCode, details: RefusalDetails = {}): Promise<void> {
    try {
      await this.bus.call(
        recordRefusal,
        {
          institutionId: facts.institution.id,
          agreementVersionId: findAgreement(facts)?.versionId ?? null,
          clientId: facts.client.id,
          operatorId: facts.operator?.id ?? null,
          purpose: details.purpose ?? null,
          mode: details.mode ?? null,
          fields: details.fields ?? [],
          code,
        },
        { deadlineMs: refusalDeadlineMs },
      );
    } catch (error) {
      this.log.failure('refusal not on record', error, { code, clientId: facts.client.id });
    }
  }
}
