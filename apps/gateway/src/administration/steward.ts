import { Injectable } from '@nestjs/common';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { gauge, poolOf, Rounds, type Log } from '#service';
import { Agreement, Institution } from '../access/entities.js';
import { addAgreementVersion } from '../agreements/agreement-acts.js';
import { Configurator } from '../agreements/configurator.js';
import { describeAgreement, listAgreementFiles, stateOf } from '../agreements/agreement-detail.js';
import { versionOn } from '../agreements/agreement-state.js';
import { prunePermits } from '../readers/issued-permits.js';
import { ReadRecords } from '../readers/read-records.js';
import { pruneAssertions } from '../tokens/used-assertions.js';
import { clockOf, record } from './admin-record.js';
import { EndWarning, Proposal } from './entities.js';
import { expireProposals } from './proposals.service.js';

const endsIn = gauge('gerbang_agreement_ends_in_days', 'Days to the end of the agreement that ends first', []);
const unconfigured = gauge(
  'gerbang_terms_not_configured',
  'Agreements whose terms have not reached the look-up service',
  [],
);

/** What the calendar does (O-18): warns ahead of an agreement's end, begins its closing, lets proposals run out, tidies up. */
@Injectable()
export class Steward {
  private readonly rounds: Rounds;

  constructor(
    private readonly database: DataSource,
    private readonly configurator: Configurator,
    private readonly log: Log,
    everyMs: number,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'stewardship', atOnce: true }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    unconfigured.set(await this.configurator.bringAll());
    await this.database.transaction(async (manager) => {
      // of several gateways one does it; the others have nothing to wait for
      const [lock] = await manager.query<{ held: boolean }[]>(
        "SELECT pg_try_advisory_xact_lock(hashtext('steward')) AS held",
      );
      if (!lock?.held) return;
      const { now, today } = await clockOf(manager);
      const expired = await expireProposals(manager, now);
      if (expired > 0) this.log.event('info', 'proposals ran out', { count: expired });
      await this.lookAtAgreements(manager, now, today);
    });
    await pruneAssertions(poolOf(this.database));
    await prunePermits(poolOf(this.database));
    const leftOpen = await new ReadRecords(poolOf(this.database)).endLeftOpen();
    if (leftOpen > 0) this.log.event('warn', 'reads were left open by a gateway', { count: leftOpen });
  }

  private async lookAtAgreements(manager: EntityManager, now: Date, today: string): Promise<void> {
    let first: number | undefined;
    for (const { id: institutionId } of await manager.find(Institution)) {
      for (const file of await listAgreementFiles(manager, institutionId)) {
        const { state } = stateOf(file, today);
        const { endsInDays, warning } = describeAgreement(file, today);
        if (state === 'in-force' && endsInDays !== null) first = Math.min(first ?? Infinity, endsInDays);
        const version = versionOn(file.versions, today);
        if (warning !== null && version)
          await this.warn(manager, institutionId, file.agreement.id, version.id, warning, now);
        if (state === 'ended' && !(await hasHistoryToCome(manager, institutionId, file.agreement.id)))
          await this.beginClosing(manager, institutionId, file.agreement.id, now);
      }
    }
    endsIn.set(first ?? NaN);
  }

  /** Once for each version and threshold. */
  private async warn(
    manager: EntityManager,
    institutionId: string,
    agreementId: string,
    agreementVersionId: string,
    days: number,
    now: Date,
  ): Promise<void> {
    if (await manager.existsBy(EndWarning, { agreementVersionId, days })) return;
    await manager.insert(EndWarning, { agreementVersionId, days, warnedAt: now });
    await record(manager, {
      institutionId,
      act: 'agreement.warn',
      subject: { type: 'agreement', id: agreementId },
      actor: { kind: 'system' },
      after: { days },
    });
    this.log.event('warn', 'agreement ends soon', { institutionId, limit: days });
  }

  private async beginClosing(manager: EntityManager, institutionId: string, id: string, now: Date): Promise<void> {
    await manager.findOne(Institution, { where: { id: institutionId }, lock: { mode: 'for_no_key_update' } });
    await manager.update(Agreement, { id }, { closingAt: now });
    await record(manager, {
      institutionId,
      act: 'agreement.begin-closing',
      subject: { type: 'agreement', id },
      actor: { kind: 'system' },
      before: { state: 'ended' },
      after: { state: 'closing' },
    });
    this.log.event('warn', 'agreement has ended, closing begins', { institutionId });
  }
}

/** A file brought the agreement in with an extension that waits for its approval: what looks ended may not have ended. */
async function hasHistoryToCome(manager: EntityManager, institutionId: string, agreementId: string): Promise<boolean> {
  const open = await manager.findBy(Proposal, { institutionId, act: addAgreementVersion.name, decision: IsNull() });
  return open.some(({ input }) => input.agreementId === agreementId && input.origin === 'file');
}
