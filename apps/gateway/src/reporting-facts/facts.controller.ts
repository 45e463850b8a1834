import { Controller } from '@nestjs/common';
import {
  getRegister,
  listExceptions,
  listOffices,
  listPeople,
  openAccessEvents,
  type RpcInput,
  type RpcOutput,
} from '#contracts';
import { AppError, RpcHandler } from '#service';
import type { ActContext } from '../administration/act.js';
import { Administration } from '../administration/administration.service.js';
import { pageOfExceptions } from './exceptions.js';
import { registerOf } from './office-register.js';
import { pageOfOffices } from './offices.js';
import { openEvents } from './opened-events.js';
import { pageOfPeople } from './people.js';

/** Over the bus alone, for reporting: what the gateway keeps and a report or an obligation rests on. */
@Controller()
export class ReportingFactsController {
  constructor(private readonly administration: Administration) {}

  @RpcHandler(listOffices)
  async offices({ after }: RpcInput<typeof listOffices>): Promise<RpcOutput<typeof listOffices>> {
    return this.administration.transaction((manager) => pageOfOffices(manager, after));
  }

  @RpcHandler(getRegister)
  async register({ institutionId }: RpcInput<typeof getRegister>): Promise<RpcOutput<typeof getRegister>> {
    return this.ofOffice(institutionId, registerOf);
  }

  @RpcHandler(listPeople)
  async people({ institutionId, after }: RpcInput<typeof listPeople>): Promise<RpcOutput<typeof listPeople>> {
    return this.ofOffice(institutionId, ({ manager }) => pageOfPeople(manager, institutionId, after));
  }

  @RpcHandler(listExceptions)
  async exceptions(asked: RpcInput<typeof listExceptions>): Promise<RpcOutput<typeof listExceptions>> {
    return this.ofOffice(asked.institutionId, ({ manager }) => pageOfExceptions(manager, asked));
  }

  @RpcHandler(openAccessEvents)
  async open({ institutionId, ids }: RpcInput<typeof openAccessEvents>): Promise<RpcOutput<typeof openAccessEvents>> {
    return this.administration.transaction((manager) => openEvents(manager, institutionId, ids));
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND also for a Disdukcapil: it has no agreement and owes no report */
  private ofOffice<T>(institutionId: string, work: (context: ActContext) => Promise<T>): Promise<T> {
    return this.administration.read({ kind: 'system' }, institutionId, async (context) => {
      if (context.institution.kind !== 'kecamatan') throw new AppError('RESOURCE_NOT_FOUND');
      return work(context);
    });
  }
}
