import { Injectable } from '@nestjs/common';
import type { Repository } from 'typeorm';
import { UpstreamAccess } from '#contracts';
import { KeyFolder } from '../key-folder.js';
import type { UpstreamAccessRow } from '../ledger/entities.js';
import { Breaker } from './breaker.js';
import { MinistryClient, type ClientLimits } from './ministry-client.js';
import { open, seal } from './sealed-box.js';

/** The key that seals new access rights; older ones stay readable by their own id. */
const sealingKeyId = 'seal-1';

/** How long a replica goes on with what it knows before it looks for a newer configuration. */
const freshMs = 2_000;

export interface Upstream {
  configuredAt: number;
  client: MinistryClient;
  breaker: Breaker;
  deadlineMs: number | undefined;
}

/** Each institution's way to the ministry, opened from its sealed row on first use and replaced when that changes. */
@Injectable()
export class UpstreamDirectory {
  private readonly known = new Map<string, { checkedAt: number; upstream: Promise<Upstream | undefined> }>();

  constructor(
    private readonly rows: Repository<UpstreamAccessRow>,
    private readonly keys: KeyFolder,
    private readonly limits: ClientLimits,
  ) {}

  async find(institutionId: string): Promise<Upstream | undefined> {
    const entry = this.known.get(institutionId);
    if (entry && performance.now() - entry.checkedAt < freshMs) return entry.upstream;
    const next = { checkedAt: performance.now(), upstream: this.refresh(institutionId, entry?.upstream) };
    this.known.set(institutionId, next);
    next.upstream.catch(() => {
      if (this.known.get(institutionId) === next) this.known.delete(institutionId);
    });
    return next.upstream;
  }

  /** Seals and keeps it (O-16): from here on nobody reads it but this class. */
  async save(institutionId: string, agreementId: string, access: UpstreamAccess): Promise<void> {
    const key = await this.keys.getOrMakeKey(sealingKeyId);
    const sealed = seal(key, JSON.stringify(access), institutionId);
    await this.rows.upsert({ institutionId, agreementId, keyId: sealingKeyId, sealed, configuredAt: new Date() }, [
      'institutionId',
    ]);
    const entry = this.known.get(institutionId);
    if (entry) entry.checkedAt = -Infinity;
  }

  async close(): Promise<void> {
    const upstreams = await Promise.allSettled([...this.known.values()].map((entry) => entry.upstream));
    this.known.clear();
    for (const result of upstreams) {
      if (result.status !== 'fulfilled' || !result.value) continue;
      result.value.breaker.close();
      await result.value.client.close();
    }
  }

  private async refresh(
    institutionId: string,
    current: Promise<Upstream | undefined> | undefined,
  ): Promise<Upstream | undefined> {
    const before = await current?.catch(() => undefined);
    const row = await this.rows.findOneBy({ institutionId });
    if (!row) return undefined;
    if (before?.configuredAt === row.configuredAt.getTime()) return before;
    const key = await this.keys.findKey(row.keyId);
    if (!key) throw new Error(`sealing key ${row.keyId} is not in the key folder`);
    const access = UpstreamAccess.parse(JSON.parse(open(key, row.sealed, institutionId)));
    before?.breaker.close();
    void before?.client.retire();
    return {
      configuredAt: row.configuredAt.getTime(),
      client: new MinistryClient(access, this.limits),
      breaker: new Breaker(),
      deadlineMs: access.deadlineMs,
    };
  }
}
