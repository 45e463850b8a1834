import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { configureInstitution } from '#contracts';
import type { Log, RpcClient } from '#service';

const deadlineMs = 5_000;

interface Pending {
  agreementId: string;
  institutionId: string;
  versionIds: string[];
  quota: { effectiveFrom: string; dailyLimit: number }[];
}

/**
 * Brings approved terms to the look-up service: the quota by day, and the agreement's HMAC key. What has not arrived is marked
 * so in the database and brought again, whatever crashed in between.
 */
@Injectable()
export class Configurator {
  constructor(
    private readonly pool: Pool,
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly log: Log,
  ) {}

  /** Everything that is pending; never throws: it is tried again. Returns how many agreements are still to be brought. */
  async bringAll(institutionId?: string): Promise<number> {
    let left = 0;
    for (const pending of await this.findPending(institutionId)) {
      try {
        await this.bring(pending);
      } catch (error) {
        left += 1;
        this.log.failure(
          'terms not brought to the look-up service',
          error,
          { institutionId: pending.institutionId },
          'warn',
        );
      }
    }
    return left;
  }

  private async findPending(institutionId?: string): Promise<Pending[]> {
    const { rows } = await this.pool.query<Pending>({
      name: 'versions_to_configure',
      text: `
        SELECT agreement.id AS "agreementId", agreement.institution_id AS "institutionId", jsonb_agg(version.id) AS "versionIds",
          jsonb_agg(jsonb_build_object('effectiveFrom', version.effective_from, 'dailyLimit', version.daily_quota)
            ORDER BY version.version) AS quota
        FROM access.agreement JOIN access.agreement_version AS version ON version.agreement_id = agreement.id
        WHERE version.configured_at IS NULL AND agreement.closed_at IS NULL
          AND ($1::uuid IS NULL OR agreement.institution_id = $1::uuid)
        GROUP BY agreement.id LIMIT 100`,
      values: [institutionId ?? null],
    });
    return rows;
  }

  private async bring({ agreementId, institutionId, versionIds, quota }: Pending): Promise<void> {
    // of two versions that take effect on one day, the later one counts
    const byDay = new Map(quota.map((one) => [one.effectiveFrom, one]));
    await this.bus.call(
      configureInstitution,
      { institutionId, agreementId, quota: [...byDay.values()] },
      { deadlineMs },
    );
    await this.pool.query('UPDATE access.agreement_version SET configured_at = access.clock() WHERE id = ANY($1)', [
      versionIds,
    ]);
  }
}
