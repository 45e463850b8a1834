import { describeError, Log } from '#service/log';
import { makeReader } from '../adapters/make-reader.js';
import { loadConfig } from '../config.js';
import { startAgent } from '../start.js';
import type { StateFolder } from '../state/state-folder.js';

/** How long the end may take, milliseconds. */
const closeMs = 20_000;

/** `reader-agent run`: until SIGTERM, SIGINT or the end of a parent that holds it by a channel. */
export async function run(folder: StateFolder): Promise<number> {
  const asked = askedToStop();
  const config = loadConfig(folder);
  const log = Log.create('reader-agent', config.logLevel);
  dieQuietly(log);
  const reader = await makeReader(config, log);
  const agent = startAgent({ folder, reader, deadlines: config.deadlines, log });
  const ready = { service: 'reader-agent', msg: 'ready', managementPort: 0 };
  // a parent that is gone hears nothing; the callback keeps it from being an error
  if (process.connected) process.send?.(ready, () => undefined);
  log.event('info', 'ready', { version: agent.status().version, state: reader.adapter });
  await asked;
  // whatever hangs: a parent that is gone asks nobody else to end it
  setTimeout(() => process.exit(1), closeMs).unref();
  await agent.close();
  return 0;
}

/** From the beginning: what happens while the agent starts counts as well. */
const askedToStop = () =>
  new Promise<void>((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, () => stop());
    if (process.connected === false) stop();
  });

/** Not with Node's own report of what nobody caught: that quotes the error's text, which may quote a card. */
function dieQuietly(log: Log): void {
  const die = (thrown: unknown) => {
    log.event('error', 'uncaught', describeError(thrown));
    process.exit(70);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
