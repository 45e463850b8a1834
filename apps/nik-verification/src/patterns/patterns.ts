import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import type { PatternReport } from '#contracts';
import { checkWaiting } from '../figures/turns.js';
import { manyMisses } from './many-misses.js';
import { outOfHours } from './out-of-hours.js';
import { countPattern, type PatternQuestion } from './pattern.js';
import { repeatedWithoutService } from './repeated-without-service.js';
import { sequentialNiks } from './sequential-niks.js';

const rules = [sequentialNiks, manyMisses, outOfHours, repeatedWithoutService];

/** Patterns that are worth a question (O-21), counted without telling a person: neither a NIK nor its HMAC leaves here. */
@Injectable()
export class Patterns {
  constructor(private readonly pool: Pool) {}

  /** @param deadlineAt `performance.now()` at which the caller stops waiting. @throws {AppError} EVIDENCE_UNAVAILABLE then */
  async count(question: PatternQuestion, deadlineAt = Infinity): Promise<Pick<PatternReport, 'patterns'>> {
    const patterns = [];
    for (const rule of rules) {
      checkWaiting(deadlineAt);
      patterns.push(await countPattern(this.pool, rule, question));
    }
    return { patterns };
  }
}
