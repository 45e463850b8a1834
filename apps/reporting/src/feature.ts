import type { ServiceContext } from '#service';
import type { Config } from './config.js';

export type { EntityList, Feature, Worker } from '#service';

export type FeatureContext = ServiceContext<Config>;
