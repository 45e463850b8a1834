import type { Provider, Type } from '@nestjs/common';
import type { Log, RpcClient } from '#service';
import type { Config } from './config.js';

/** Something that goes on by itself from start to shutdown. */
export interface Worker {
  start(): void;
  /** Ends after what it has in hand. */
  stop(): Promise<void>;
}

/** What a feature of this service is made of; app.module.ts puts them together. */
export interface Feature {
  controllers: Type[];
  providers: Provider[];
  /** Provider tokens, each a {@link Worker}. */
  workers: Type<Worker>[];
}

export interface FeatureContext {
  config: Config;
  log: Log;
  bus: RpcClient;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of an entity class
export type EntityList = Function[];
