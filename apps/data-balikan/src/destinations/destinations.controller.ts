import { Controller } from '@nestjs/common';
import { configureDestination, describeDestination, destroyBalikanKeys, type RpcInput } from '#contracts';
import { RpcHandler, unlessAway } from '#service';
import { Destinations } from './destinations.js';

@Controller()
export class DestinationsController {
  constructor(private readonly destinations: Destinations) {}

  @RpcHandler(configureDestination)
  async configure({ institutionId, agreementId, destination }: RpcInput<typeof configureDestination>) {
    return unlessAway(this.destinations.configure(institutionId, agreementId, destination));
  }

  @RpcHandler(describeDestination)
  async describe({ institutionId }: RpcInput<typeof describeDestination>) {
    return unlessAway(this.destinations.describe(institutionId));
  }

  @RpcHandler(destroyBalikanKeys)
  async destroyKeys({ institutionId, agreementId }: RpcInput<typeof destroyBalikanKeys>) {
    return unlessAway(this.destinations.destroyKeys(institutionId, agreementId));
  }
}
