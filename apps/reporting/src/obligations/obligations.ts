import { Injectable } from '@nestjs/common';
import type { ObligationList } from '#contracts';
import { AppError } from '#service';
import { DutyRepository } from '../duties/duty.repository.js';
import { assessAll, type Assessment, type Gathered } from './assessment.js';
import { FactGatherer } from './fact-gatherer.js';
import { OfficeNames, type OfficeName } from './offices.repository.js';
import type { Rule } from './rule.js';
import { rules } from './rules/index.js';

/** Kept back from the caller's deadline for what comes after the facts, milliseconds. */
const marginMs = 500;

export interface OfficeAssessment extends Assessment {
  institution: OfficeName;
  at: Date;
}

/** The cockpit: every obligation of an office as it stands now, from facts that were asked of their owners at once. */
@Injectable()
export class Obligations {
  constructor(
    private readonly facts: FactGatherer,
    private readonly offices: OfficeNames,
    private readonly duties: DutyRepository,
  ) {}

  /** @throws {AppError} RESOURCE_NOT_FOUND; SERVICE_UNAVAILABLE when not even the office's name is known */
  async list(institutionId: string, deadlineAt: number): Promise<ObligationList> {
    const { institution, at, worst, assessed, unknown } = await this.assess(institutionId, rules, deadlineAt);
    const obligations = assessed.map(({ obligation }) => obligation);
    return { institution, at: at.toISOString(), worst, obligations, unknown };
  }

  /** @param deadlineAt `performance.now()` at which nobody waits any more */
  async assess(institutionId: string, asked: readonly Rule[], deadlineAt: number): Promise<OfficeAssessment> {
    const now = await this.duties.now();
    const names = [...new Set(asked.flatMap(({ needs }) => needs))];
    const gathered = await this.facts.gather(institutionId, names, now, deadlineAt - marginMs);
    const institution = await this.nameOf(gathered);
    return { institution, at: now, ...assessAll(asked, gathered, now) };
  }

  /** From the register, or as it was known when that is silent. */
  private async nameOf({ institutionId, register }: Gathered): Promise<OfficeName> {
    if (register && 'value' in register) {
      const { id, name, regionCode } = register.value.institution;
      await this.offices.keep({ id, name, regionCode });
      return { id, name, regionCode };
    }
    if (register?.missing === 'RESOURCE_NOT_FOUND') throw new AppError('RESOURCE_NOT_FOUND');
    const known = await this.offices.find(institutionId);
    if (!known) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 5 });
    return known;
  }
}
