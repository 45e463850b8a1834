import { describeError, Log } from '#service/log';
import { makeReader } from '../adapters/make-reader.js';
import { loadConfig } from '../config.js';
import { startAgent } from '../start.js';
import type { StateFolder } from '../state/state-folder.js';

/** `reader-agent run`: until SIGTERM, SIGINT or the end of a parent that holds it by a channel. */
export async function run(folder: StateFolder): Promise<number> {
  const config = loadConfig(folder);
  const log = Log.create('reader-agent', config.logLevel);
  dieQuietly(log);
  const reader = await makeReader(config, log);
  const agent = startAgent({ folder, reader, deadlines: config.deadlines, log });
  const ready = { service: 'reader-agent', msg: 'ready', managementPort: 0 };
  process.send?.(ready);
  log.event('info', 'ready', { version: agent.status().version, state: reader.adapter });
  await new Promise<void>((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop());
  });
  await agent.close();
  return 0;
}

/** Not with Node's own report of what nobody caught: that quotes the error's text, which may quote a card. */
function dieQuietly(log: Log): void {
  const die = (thrown: unknown) => {
    log.event('error', 'uncaught', describeError(thrown));
    process.exit(70);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
