import { Controller } from '@nestjs/common';
import {
  configureReminders,
  describeReminders,
  listReminders,
  resendReminder,
  type ReminderSettingsSummary,
  type RpcInput,
} from '#contracts';
import { AppError, RpcHandler, unlessAway } from '#service';
import { MailService } from './mail-service.js';
import { ReminderList } from './reminder-list.repository.js';
import { ReminderSettings } from './reminder-settings.js';

@Controller()
export class RemindersController {
  constructor(
    private readonly settings: ReminderSettings,
    private readonly reminders: ReminderList,
    private readonly mail: MailService,
  ) {}

  @RpcHandler(configureReminders)
  async configure({ actor, settings }: RpcInput<typeof configureReminders>) {
    await unlessAway(this.settings.configure(actor.institutionId, settings, actor.operatorId));
    return unlessAway(this.summary(actor.institutionId));
  }

  @RpcHandler(describeReminders)
  async describe({ actor }: RpcInput<typeof describeReminders>) {
    return unlessAway(this.summary(actor.institutionId));
  }

  @RpcHandler(listReminders)
  async list({ actor, limit, before }: RpcInput<typeof listReminders>) {
    return unlessAway(this.reminders.page(actor.institutionId, limit, before));
  }

  @RpcHandler(resendReminder)
  async resend({ actor, id }: RpcInput<typeof resendReminder>) {
    if (!(await unlessAway(this.reminders.exists(actor.institutionId, id)))) throw new AppError('RESOURCE_NOT_FOUND');
    const again = await unlessAway(this.reminders.resend(actor.institutionId, id, actor.operatorId));
    if (!again) throw new AppError('STATE_CONFLICT');
    return again;
  }

  private async summary(institutionId: string): Promise<ReminderSettingsSummary> {
    const { emails, webhookUrl } = await this.settings.recipients(institutionId);
    return { emails, webhook: webhookUrl === null ? null : { url: webhookUrl }, mailServer: this.mail.isConfigured };
  }
}
