import type { Provider, Type } from '@nestjs/common';
import type { RpcClient } from './bus/rpc-client.js';
import type { Log } from './log.js';

/** Something that goes on by itself from start to shutdown. */
export interface Worker {
  start(): void;
  /** Ends after what it has in hand. */
  stop(): Promise<void>;
}

/** What a feature of a service is made of; the service's app.module.ts puts them together. */
export interface Feature {
  controllers: Type[];
  providers: Provider[];
  /** Provider tokens, each a {@link Worker}. */
  workers: Type<Worker>[];
}

export interface ServiceContext<Config> {
  config: Config;
  log: Log;
  bus: RpcClient;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of an entity class
export type EntityList = Function[];
