import { Log, RpcClient } from '#service';
import type { Feature } from '../feature.js';
import { Facts } from './facts.js';
import { OpenedEvents } from './opened-events.js';

export const facts = (): Feature => ({
  controllers: [],
  providers: [
    { provide: Facts, useFactory: (bus: RpcClient) => new Facts(bus), inject: [RpcClient] },
    {
      provide: OpenedEvents,
      useFactory: (bus: RpcClient, log: Log) => new OpenedEvents(bus, log),
      inject: [RpcClient, Log],
    },
  ],
  workers: [],
});
