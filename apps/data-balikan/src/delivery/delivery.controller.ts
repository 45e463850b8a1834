import { Controller } from '@nestjs/common';
import {
  changeAllDelivery,
  changeDelivery,
  getDelivery,
  retryBalikan,
  type BalikanDelivery,
  type RpcInput,
} from '#contracts';
import { AppError, RpcHandler, unlessAway } from '#service';
import { Destinations } from '../destinations/destinations.js';
import { PersonVault } from '../people/person-vault.js';
import { standingOf } from './delivery-state.js';
import { Lanes } from './lanes.repository.js';

@Controller()
export class DeliveryController {
  constructor(
    private readonly lanes: Lanes,
    private readonly destinations: Destinations,
    private readonly vault: PersonVault,
  ) {}

  @RpcHandler(getDelivery)
  async get({ institutionId, agreementId }: RpcInput<typeof getDelivery>) {
    return unlessAway(this.describe(institutionId, agreementId));
  }

  @RpcHandler(changeDelivery)
  async change({ institutionId, sending, reason, by }: RpcInput<typeof changeDelivery>) {
    await unlessAway(sending ? this.lanes.resume(institutionId) : this.lanes.pause(institutionId, by, reason));
    return unlessAway(this.describe(institutionId));
  }

  @RpcHandler(changeAllDelivery)
  async changeAll({ sending, reason, by }: RpcInput<typeof changeAllDelivery>) {
    await unlessAway(this.lanes.switchAll(sending, by, reason));
    return { sending };
  }

  @RpcHandler(retryBalikan)
  async retry({ institutionId, id }: RpcInput<typeof retryBalikan>) {
    if (id === null) {
      const canOpen = (keyId: string) => this.vault.canOpen(keyId);
      return { records: await unlessAway(this.lanes.retryAll(institutionId, canOpen)) };
    }
    const became = await unlessAway(this.lanes.retryOne(institutionId, id));
    if (became === 'is not there') throw new AppError('RESOURCE_NOT_FOUND');
    if (became === 'is not dead') throw new AppError('STATE_CONFLICT');
    return { records: 1 };
  }

  /** Not a handler itself: what the bus calls answers in an envelope. */
  private async describe(institutionId: string, agreementId?: string): Promise<BalikanDelivery> {
    const [lane, counts, isServed] = await Promise.all([
      this.lanes.getState(institutionId),
      this.lanes.countRecords(institutionId, agreementId),
      this.destinations.isServed(institutionId),
    ]);
    return {
      ...standingOf(lane, isServed),
      ...counts,
      oldestWaitingAt: counts.oldestWaitingAt?.toISOString() ?? null,
    };
  }
}
