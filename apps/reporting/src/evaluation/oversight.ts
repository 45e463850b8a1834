import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import type { ObligationList, Oversight, oversee, RpcInput } from '#contracts';
import { Log, type Call } from '#service';
import { Obligations } from '../obligations/obligations.js';
import { approvedStates } from '../reports/state-rules.js';
import { atOnce } from './at-once.js';
import { marginMs } from './deadline.js';

type Office = RpcInput<typeof oversee>['offices'][number];
type OfficeState = Oversight['offices'][number];
type LastReport = NonNullable<OfficeState['lastReport']>;

/** Each office asks half a dozen questions of three services. */
const mostOfficesAtOnce = 6;

/** The offices of a kabupaten side by side (O-21). One that cannot be computed just now says so, and keeps no other from it. */
@Injectable()
export class KabupatenOversight {
  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly obligations: Pick<Obligations, 'list'>,
    private readonly log: Pick<Log, 'failure'>,
  ) {}

  async of(offices: readonly Office[], now: Date, { deadlineAt }: Call): Promise<Oversight> {
    const end = deadlineAt - marginMs;
    const reports = await this.lastReports(offices.map(({ institutionId }) => institutionId));
    const states = await atOnce(offices, mostOfficesAtOnce, async (office): Promise<OfficeState> => {
      const { institutionId } = office;
      const list = await this.find(institutionId, end);
      const lastReport = reports.get(institutionId) ?? null;
      return { ...office, worst: list?.worst ?? null, counts: list ? countsOf(list) : {}, lastReport };
    });
    return { at: now.toISOString(), offices: states };
  }

  /** null: it failed, or there is no time left for it. */
  private async find(institutionId: string, end: number): Promise<ObligationList | null> {
    const left = end - performance.now();
    if (left <= 0) return null;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), left);
    });
    const list = this.obligations.list(institutionId, end).catch((error: unknown) => {
      this.log.failure('obligations of an office could not be computed', error, {}, 'warn');
      return null;
    });
    return Promise.race([list, late]).finally(() => clearTimeout(timer));
  }

  /** Of those that an evaluator may see, the one of the latest period, and of its versions the latest. */
  private async lastReports(institutionIds: string[]): Promise<Map<string, LastReport>> {
    const { rows } = await this.pool.query<LastReportRow>(
      `SELECT DISTINCT ON (institution_id) institution_id AS "institutionId", id, type, version, state,
         period_kind AS kind, period_from::text AS "from", period_until::text AS "until"
       FROM reporting.report WHERE institution_id = ANY ($1) AND state = ANY ($2)
       ORDER BY institution_id, period_until DESC, id DESC`,
      [institutionIds, approvedStates],
    );
    return new Map(
      rows.map(({ institutionId, kind, from, until, ...report }) => [
        institutionId,
        { ...report, period: { kind, from, until } },
      ]),
    );
  }
}

type LastReportRow = Omit<LastReport, 'period'> & LastReport['period'] & { institutionId: string };

function countsOf({ obligations }: ObligationList): OfficeState['counts'] {
  const counts: OfficeState['counts'] = {};
  for (const { state } of obligations) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
