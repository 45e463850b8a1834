import { Injectable } from '@nestjs/common';
import { listOffices, type RpcOutput } from '#contracts';
import { Rounds, type Log, type RpcClient } from '#service';
import { DutyRepository } from '../duties/duty.repository.js';
import type { Worker } from '../feature.js';
import { Obligations } from '../obligations/obligations.js';
import { breachNotice } from '../obligations/rules/breach-notice.js';
import { personTrail } from '../obligations/rules/person-trail.js';
import { rules } from '../obligations/rules/index.js';
import type { Rule } from '../obligations/rule.js';
import type { CheckKind, ReminderChecks } from './reminder-checks.repository.js';
import { planReminders } from './reminder-plan.js';
import type { ReminderSettings } from './reminder-settings.js';
import { dailySlot, hourlySlot } from './reminder-slots.js';

/** For the facts of one office. */
const officeMs = 20_000;
const pageMs = 5_000;
const mostPages = 200;
/** After a look that did not see everything, or did not come to an end. */
const retryMs = 15 * 60_000;

/**
 * Looks at every office each day from 07:00 in Jakarta on, and each hour at those with a clock of hours; what was missed is caught up,
 * once, by the latest one. Any number of replicas may do it.
 */
@Injectable()
export class ReminderPlanner implements Worker {
  private readonly rounds: Rounds;

  constructor(
    private readonly obligations: Obligations,
    private readonly duties: DutyRepository,
    private readonly checks: ReminderChecks,
    private readonly settings: ReminderSettings,
    private readonly bus: Pick<RpcClient, 'call'>,
    private readonly hasMailServer: boolean,
    everyMs: number,
    private readonly log: Log,
  ) {
    this.rounds = new Rounds(() => this.round(), { everyMs, what: 'looking for reminders', atOnce: true }, log);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** @throws when the database or the list of offices cannot be had; what was done before stays done */
  async round(): Promise<void> {
    const now = await this.duties.now();
    const reminded = await this.checks.remindedOffices();
    if (reminded.size === 0) return;
    for (const id of await this.duties.officesWithOpen())
      if (reminded.has(id)) await this.look(id, 'hourly', hourlySlot(now), [personTrail, breachNotice] as Rule[]);
    for (const { id, closed } of await this.offices())
      if (reminded.has(id) && !closed) await this.look(id, 'daily', dailySlot(now), rules);
  }

  private async look(id: string, kind: CheckKind, slot: Date, asked: readonly Rule[]): Promise<void> {
    if (this.rounds.stopping || !(await this.checks.take(id, kind, slot, retryMs))) return;
    try {
      const { institution, at, assessed, unknown } = await this.obligations.assess(
        id,
        asked,
        performance.now() + officeMs,
      );
      const { emails, webhookUrl } = await this.settings.recipients(id);
      const planned = planReminders(assessed, { emails: this.hasMailServer ? emails : [], webhookUrl }, at);
      const count = await this.checks.finish(institution, kind, slot, planned, unknown.length === 0);
      if (count > 0) this.log.event('info', 'reminders are queued', { institutionId: id, count });
    } catch (error) {
      // one office does not keep the others from theirs
      this.log.failure('an office could not be looked at for reminders', error, { institutionId: id }, 'warn');
    }
  }

  private async offices(): Promise<RpcOutput<typeof listOffices>['offices']> {
    const offices: RpcOutput<typeof listOffices>['offices'] = [];
    let after: string | null = null;
    for (let n = 0; n < mostPages; n += 1) {
      const page: RpcOutput<typeof listOffices> = await this.bus.call(listOffices, { after }, { deadlineMs: pageMs });
      offices.push(...page.offices);
      after = page.next;
      if (after === null) return offices;
    }
    throw new Error('the list of offices has no end');
  }
}
