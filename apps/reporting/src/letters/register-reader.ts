import { Injectable } from '@nestjs/common';
import {
  getFigures,
  getRegister,
  listPeople,
  type AsOf,
  type Period,
  type RegisterPerson,
  type RpcOutput,
} from '#contracts';
import { AppError, RpcClient } from '#service';
import { allPages } from '../facts/pages.js';
import type { OfficeRegister } from './facts.js';

/** What letters are made of, asked of those who own it. */
@Injectable()
export class RegisterReader {
  constructor(private readonly bus: Pick<RpcClient, 'call'>) {}

  /** @param deadlineAt `performance.now()` at which nobody waits any more @throws {AppError} RESOURCE_NOT_FOUND */
  register(institutionId: string, deadlineAt: number): Promise<OfficeRegister> {
    return this.bus.call(getRegister, { institutionId }, { deadlineMs: msUntil(deadlineAt) });
  }

  /** Everybody whom the office has on file, by id. @throws {AppError} RESOURCE_NOT_FOUND */
  async people(institutionId: string, deadlineAt: number): Promise<Map<string, RegisterPerson>> {
    const people = await allPages(async (after) => {
      const page = await this.bus.call(listPeople, { institutionId, after }, { deadlineMs: msUntil(deadlineAt) });
      return { items: page.people, next: page.next };
    });
    return new Map(people.map((person) => [person.id, person]));
  }

  /**
   * Figures of a period as of a checkpoint; without one, as of one that is signed now.
   *
   * @throws {AppError} EVIDENCE_UNAVAILABLE, also when the log does not know that checkpoint; EVIDENCE_ROLLED_BACK
   */
  async figures(
    institutionId: string,
    period: Period,
    asOf: AsOf | null,
    deadlineAt: number,
  ): Promise<RpcOutput<typeof getFigures>> {
    const asked = { institutionId, ...period, ...(asOf && { asOf }) };
    try {
      return await this.bus.call(getFigures, asked, { deadlineMs: msUntil(deadlineAt) });
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_IN_CHECKPOINT')
        throw new AppError('EVIDENCE_UNAVAILABLE', { retryAfter: 60 }, { cause: error });
      throw error;
    }
  }
}

const msUntil = (deadlineAt: number): number => Math.max(1, Math.floor(deadlineAt - performance.now()));
