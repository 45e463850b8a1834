import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../../apps/launcher/src/child.js';
import { EmbeddedNats } from '../../apps/launcher/src/embedded-nats.js';
import { LogFile } from '../../apps/launcher/src/log-file.js';
import type { Sandbox } from '../sandbox.js';
import type { Variant } from '../variant.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * The baseline: Nest, Fastify, NATS and the sandbox as in the full look-up, and nothing else. Its NATS server is a second
 * one with the same permissions, so that it can use the same subject without meeting the full look-up.
 */
export async function startPassThrough(folder: string, sandbox: Sandbox): Promise<Variant> {
  mkdirSync(folder, { recursive: true });
  // the configuration of the server names every service
  const passwords = {
    GATEWAY_NATS_PASSWORD: makePassword(),
    NIK_VERIFICATION_NATS_PASSWORD: makePassword(),
    DATA_BALIKAN_NATS_PASSWORD: makePassword(),
    REPORTING_NATS_PASSWORD: makePassword(),
  };
  const openLog = (name: string) => new LogFile(join(folder, `${name}.log`));
  const consumer = await sandbox.addConsumer('pass-through');
  const nats = await EmbeddedNats.start({ folder: join(folder, 'nats'), passwords, openLog: () => openLog('nats') });
  const children: Child[] = [];
  const spawn = async (name: string, environment: Record<string, string>) => {
    const child = Child.spawn(
      `pass-through-${name}`,
      process.execPath,
      ['--enable-source-maps', join(here, `${name}.js`)],
      openLog(name),
      {
        env: {
          PATH: process.env.PATH ?? '',
          NODE_ENV: 'production',
          PASS_THROUGH_NATS_URL: nats.url,
          ...environment,
        },
      },
    );
    children.unshift(child);
    return { child, ...(await child.ready()) };
  };
  const stop = async () => {
    for (const child of children) await child.stop();
    await nats.stop();
  };
  try {
    const service = await spawn('service', {
      PASS_THROUGH_NATS_PASSWORD: passwords.NIK_VERIFICATION_NATS_PASSWORD,
      PASS_THROUGH_SANDBOX_URL: sandbox.url,
      PASS_THROUGH_CONSUMER: JSON.stringify(consumer),
    });
    const gateway = await spawn('gateway', { PASS_THROUGH_NATS_PASSWORD: passwords.GATEWAY_NATS_PASSWORD });
    return {
      url: gateway.url ?? '',
      processes: [
        { name: 'pass-through gateway', pid: gateway.child.pid },
        { name: 'pass-through service', pid: service.child.pid },
        { name: 'pass-through nats', pid: nats.process.pid },
      ],
      authorization: () => Promise.resolve('Bearer nobody-asks'),
      hits: () => sandbox.hits(consumer.userId),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const makePassword = (): string => `p${randomBytes(16).toString('hex')}`;
