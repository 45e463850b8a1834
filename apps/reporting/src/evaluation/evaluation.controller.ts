import { Controller, Inject } from '@nestjs/common';
import pg from 'pg';
import {
  drawSample,
  findPatterns,
  getFigures,
  getLiveFigures,
  listSamples,
  oversee,
  Period,
  type RpcInput,
} from '#contracts';
import { AppError, RpcClient, RpcHandler, unlessAway, type Call } from '#service';
import { marginMs, msUntil } from './deadline.js';
import { KabupatenOversight } from './oversight.js';
import { Patterns } from './patterns.js';
import { Samples } from './samples.js';

/** What Disdukcapil looks at (O-21). Who may has been decided by the gateway. */
@Controller()
export class EvaluationController {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly bus: RpcClient,
    private readonly patterns: Patterns,
    private readonly samples: Samples,
    private readonly oversight: KabupatenOversight,
  ) {}

  @RpcHandler(getLiveFigures)
  async figures({ actor: { institutionId }, period }: RpcInput<typeof getLiveFigures>, { deadlineAt }: Call) {
    const deadlineMs = msUntil(deadlineAt - marginMs);
    const { at, checkpoints, lookUps, incidents } = await this.bus.call(
      getFigures,
      { institutionId, ...period },
      { deadlineMs },
    );
    const { origin, size } = checkpoints.at(-1)!;
    return { institutionId, ...period, at, origin, size, lookUps, incidents };
  }

  @RpcHandler(findPatterns)
  async find({ actor, request }: RpcInput<typeof findPatterns>, call: Call) {
    checkAsked(actor.institutionId, request);
    return this.patterns.find(request, await this.now(), call);
  }

  @RpcHandler(drawSample)
  async draw({ actor, request }: RpcInput<typeof drawSample>, call: Call) {
    checkAsked(actor.institutionId, request);
    return unlessAway(this.samples.draw(actor, request, call));
  }

  @RpcHandler(listSamples)
  async list({ actor }: RpcInput<typeof listSamples>) {
    return { samples: await unlessAway(this.samples.list(actor.institutionId)) };
  }

  @RpcHandler(oversee)
  async oversee({ offices }: RpcInput<typeof oversee>, call: Call) {
    return unlessAway(this.oversight.of(offices, await this.now(), call));
  }

  /** By the database's clock. */
  private async now(): Promise<Date> {
    const { rows } = await unlessAway(this.pool.query<{ now: Date }>('SELECT reporting.clock() AS now'));
    return rows[0]!.now;
  }
}

/** @throws {AppError} RESOURCE_NOT_FOUND for another office than the gateway let in; REQUEST_INVALID */
function checkAsked(
  allowed: string,
  { institutionId, from, until }: { institutionId: string; from: string; until: string },
): void {
  if (institutionId !== allowed) throw new AppError('RESOURCE_NOT_FOUND');
  const issues = Period.safeParse({ from, until }).error?.issues ?? [];
  if (issues.length > 0)
    throw new AppError('REQUEST_INVALID', {
      issues: issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    });
}
