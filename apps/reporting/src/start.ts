import { startBusService, type RunningService } from '#service';
import { AppModule, featuresOf } from './app.module.js';
import { loadConfig } from './config.js';

export const serviceName = 'reporting';

/** Starts one replica; any number may run side by side. */
export function start(environment: NodeJS.ProcessEnv): Promise<RunningService> {
  return startBusService({
    name: serviceName,
    config: loadConfig(environment),
    featuresOf,
    module: (context, features) => AppModule.with(context, features),
    readinessQuery: 'SELECT 1 FROM reporting.evidence_outbox LIMIT 1',
  });
}
