import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { localCommands } from './local-commands.js';

let said: string;
const environment = { ...process.env };
beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => Boolean((said += String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
  Object.assign(process.env, environment);
});

const run = (name: string, ...args: string[]) => localCommands[name]?.run(args);

test.each(['bootstrap', 'activation-code', 'data-balikan stop', 'data-balikan resume'])(
  '%s tells what it is for, and does nothing else',
  async (name) => {
    for (const help of ['--help', '-h']) {
      said = '';
      expect(await run(name, help)).toBe(0);
      expect(said).toContain(`gerbang ${name}`);
    }
  },
);

test('without a reason nothing is stopped', async () => {
  expect(await run('data-balikan stop')).toBe(2);
  expect(said).toBe('gerbang data-balikan stop --reason "<alasan>"\n');
});

test('where there is no environment of the gateway, it is said what to do', async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('GATEWAY_')) delete process.env[name];
  expect(await run('data-balikan stop', '--reason', 'uji')).toBe(78);
  expect(said).toContain('GATEWAY_NATS_URL');
  expect(said).toContain('docker-compose run --rm gerbang');
  expect(said).toContain('gerbang data-balikan-destination sending --sending false');
});
