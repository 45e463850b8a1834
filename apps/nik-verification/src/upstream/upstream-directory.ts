import { Injectable } from '@nestjs/common';
import { AccessRights } from './access-rights.js';
import { Breaker } from './breaker.js';
import { MinistryClient, type ClientLimits } from './ministry-client.js';

/** How long a replica goes on with what it knows before it looks again, milliseconds: what is destroyed stops within a second. */
const freshMs = 500;

export interface Upstream {
  configuredAt: number;
  client: MinistryClient;
  breaker: Breaker;
  deadlineMs: number | undefined;
}

interface Look {
  at: number;
  upstream: Promise<Upstream | undefined>;
}

/** Each institution's way to the ministry, opened from its sealed row on first use, replaced when that changes, closed when it is gone. */
@Injectable()
export class UpstreamDirectory {
  private readonly looks = new Map<string, Look>();
  private readonly held = new Map<string, Upstream>();

  constructor(
    private readonly rights: AccessRights,
    private readonly limits: ClientLimits,
  ) {}

  /**
   * The way, or undefined where none is configured.
   *
   * @throws {AppError} UPSTREAM_NOT_CONFIGURED when there is one whose sealing key is gone
   */
  async find(institutionId: string): Promise<Upstream | undefined> {
    const look = this.looks.get(institutionId);
    return look && performance.now() - look.at < freshMs ? look.upstream : this.lookAgain(institutionId);
  }

  /** This replica changed the access right itself: it need not wait until it looks again. */
  expire(institutionId: string): void {
    const look = this.looks.get(institutionId);
    if (look) look.at = -Infinity;
  }

  /** Closes ways that are gone and that nobody here asks for any more. */
  async closeGone(): Promise<void> {
    if (this.held.size === 0) return;
    const usable = await this.rights.filterUsable([...this.held.keys()]);
    const gone = [...this.held.keys()].filter((institutionId) => !usable.has(institutionId));
    await Promise.allSettled(gone.map((institutionId) => this.lookAgain(institutionId)));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.looks.values()].map((look) => look.upstream));
    this.looks.clear();
    const all = [...this.held.values()];
    this.held.clear();
    for (const { breaker, client } of all) {
      breaker.close();
      await client.close();
    }
  }

  private lookAgain(institutionId: string): Promise<Upstream | undefined> {
    const earlier = this.looks.get(institutionId)?.upstream;
    const look: Look = { at: performance.now(), upstream: this.refresh(institutionId, earlier) };
    this.looks.set(institutionId, look);
    look.upstream.catch(() => {
      if (this.looks.get(institutionId) === look) this.looks.delete(institutionId);
    });
    return look.upstream;
  }

  private async refresh(
    institutionId: string,
    earlier: Promise<Upstream | undefined> | undefined,
  ): Promise<Upstream | undefined> {
    await earlier?.catch(() => undefined);
    const sealed = await this.rights.find(institutionId);
    const held = this.held.get(institutionId);
    if (held && sealed?.key && held.configuredAt === sealed.row.configuredAt.getTime()) return held;
    this.retire(institutionId);
    if (!sealed) return undefined;
    const access = this.rights.open(sealed);
    const upstream = {
      configuredAt: sealed.row.configuredAt.getTime(),
      client: new MinistryClient(access, this.limits),
      breaker: new Breaker(),
      deadlineMs: access.deadlineMs,
    };
    this.held.set(institutionId, upstream);
    return upstream;
  }

  private retire(institutionId: string): void {
    const held = this.held.get(institutionId);
    this.held.delete(institutionId);
    held?.breaker.close();
    void held?.client.retire();
  }
}
