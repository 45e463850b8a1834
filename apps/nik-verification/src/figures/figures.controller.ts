import { Controller } from '@nestjs/common';
import { countPatterns, getFigures, listReportedEvents, sampleLookUps, type RpcInput } from '#contracts';
import { RpcHandler, type Call } from '#service';
import { Patterns } from '../patterns/patterns.js';
import { AsOfFinder } from './as-of.js';
import { Figures } from './figures.js';
import { LeafPages } from './leaf-pages.js';
import { LookUpSample } from './sample.js';
import { Turns } from './turns.js';
import { unavailable } from './unavailable.js';

/** What reporting asks (docs/report-format.md). */
@Controller()
export class FiguresController {
  constructor(
    private readonly figures: Figures,
    private readonly asOf: AsOfFinder,
    private readonly pages: LeafPages,
    private readonly sample: LookUpSample,
    private readonly patterns: Patterns,
    private readonly turns: Turns,
  ) {}

  @RpcHandler(getFigures)
  async getFigures(input: RpcInput<typeof getFigures>, { deadlineAt }: Call) {
    return this.turns.take(deadlineAt, () => this.figures.get(input, deadlineAt)).catch(unavailable);
  }

  @RpcHandler(listReportedEvents)
  async listReportedEvents(
    { institutionId, asOf, ...page }: RpcInput<typeof listReportedEvents>,
    { deadlineAt }: Call,
  ) {
    const list = async () => this.pages.listReported(await this.asOf.find(institutionId, asOf), page);
    return this.turns.take(deadlineAt, list).catch(unavailable);
  }

  @RpcHandler(sampleLookUps)
  async sampleLookUps(input: RpcInput<typeof sampleLookUps>, { deadlineAt }: Call) {
    return this.turns.take(deadlineAt, () => this.sample.draw(input)).catch(unavailable);
  }

  @RpcHandler(countPatterns)
  async countPatterns(input: RpcInput<typeof countPatterns>, { deadlineAt }: Call) {
    return this.turns.take(deadlineAt, () => this.patterns.count(input, deadlineAt)).catch(unavailable);
  }
}
