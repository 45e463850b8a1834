import { Log, RpcClient } from '#service';
import { DutyRepository } from '../duties/duty.repository.js';
import type { Feature, FeatureContext } from '../feature.js';
import { Obligations } from '../obligations/obligations.js';
import { MailCourier } from './mail-courier.js';
import { MailService } from './mail-service.js';
import { ReminderChecks } from './reminder-checks.repository.js';
import { ReminderList } from './reminder-list.repository.js';
import { ReminderPlanner } from './reminder-planner.js';
import { ReminderQueue } from './reminder-queue.repository.js';
import { ReminderSender } from './reminder-sender.js';
import { ReminderSettings } from './reminder-settings.js';
import { RemindersController } from './reminders.controller.js';
import { WebhookCourier } from './webhook-courier.js';

export const reminders = ({ config }: FeatureContext): Feature => {
  const { mail, timeoutMs, webhookCa } = config.reminders;
  return {
    controllers: [RemindersController],
    providers: [
      ReminderSettings,
      ReminderChecks,
      ReminderQueue,
      ReminderList,
      { provide: MailService, useValue: new MailService(mail !== undefined) },
      {
        provide: ReminderPlanner,
        useFactory: (
          obligations: Obligations,
          duties: DutyRepository,
          checks: ReminderChecks,
          settings: ReminderSettings,
          bus: RpcClient,
          log: Log,
        ) =>
          new ReminderPlanner(
            obligations,
            duties,
            checks,
            settings,
            bus,
            mail !== undefined,
            config.stewardEveryMs,
            log,
          ),
        inject: [Obligations, DutyRepository, ReminderChecks, ReminderSettings, RpcClient, Log],
      },
      {
        provide: ReminderSender,
        useFactory: (queue: ReminderQueue, settings: ReminderSettings, log: Log) => {
          const secretOf = ({ institutionId, recipient }: { institutionId: string; recipient: string }) =>
            settings.secretOf(institutionId, recipient);
          const couriers = {
            WEBHOOK: new WebhookCourier(secretOf, timeoutMs, webhookCa),
            ...(mail === undefined ? {} : { EMAIL: new MailCourier(mail, timeoutMs) }),
          };
          return new ReminderSender(queue, settings, couriers, config.reminders, config.drainMs, log);
        },
        inject: [ReminderQueue, ReminderSettings, Log],
      },
    ],
    workers: [ReminderPlanner, ReminderSender],
  };
};
