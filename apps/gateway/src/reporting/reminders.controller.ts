import { Body, Controller, Param, Query, Req } from '@nestjs/common';
import {
  configureReminders,
  describeReminders,
  getReminderSettings,
  listOfficeReminders,
  listReminders,
  putReminderSettings,
  ReminderSettings,
  ReportingPageQuery,
  resendOfficeReminder,
  resendReminder,
  type Reminder,
  type ReminderPage,
  type ReminderSettingsSummary,
} from '#contracts';
import { RpcClient } from '#service';
import type { AuthorisedRequest, SessionRequest } from '../access/principal.js';
import { Administration } from '../administration/administration.service.js';
import { idOf } from '../data-balikan/balikan-access.js';
import { ApiRoute } from '../http/route.decorator.js';
import { reportActorOf } from './report-actor.js';

const deadlineMs = 10_000;

/** Who is told of what is due. */
@Controller()
export class RemindersController {
  constructor(
    private readonly administration: Administration,
    private readonly bus: RpcClient,
  ) {}

  @ApiRoute(getReminderSettings)
  async show(@Req() request: SessionRequest): Promise<ReminderSettingsSummary> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(describeReminders, { actor }, { deadlineMs });
  }

  @ApiRoute(putReminderSettings)
  async configure(
    @Req() request: SessionRequest,
    @Body({ schema: ReminderSettings }) settings: ReminderSettings,
  ): Promise<ReminderSettingsSummary> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(configureReminders, { actor, settings }, { deadlineMs });
  }

  @ApiRoute(listOfficeReminders)
  async list(
    @Req() request: AuthorisedRequest,
    @Query({ schema: ReportingPageQuery }) page: ReportingPageQuery,
  ): Promise<ReminderPage> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(listReminders, { actor, ...page }, { deadlineMs });
  }

  @ApiRoute(resendOfficeReminder)
  async resend(@Req() request: SessionRequest, @Param('id') id: string): Promise<Reminder> {
    const actor = await reportActorOf(this.administration, request);
    return this.bus.call(resendReminder, { actor, id: idOf(id) }, { deadlineMs });
  }
}
