import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { busEnv, ConfigError, databaseEnv, env, readConfig } from './config.js';

const schema = z.object({
  UJI_PORT: env.port(),
  UJI_SECRET: env.secret(),
  UJI_LIST: env.list().default([]),
  UJI_LEVEL: env.logLevel(),
  UJI_WAIT: env.milliseconds(10, 1_000).default(100),
});
const good = { UJI_PORT: '8080', UJI_SECRET: 'rahasia-sekali' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbang-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, `secret-${Buffer.from(text).toString('hex').slice(0, 20)}`);
  await writeFile(path, text);
  return path;
}

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  test('reads what is given, and takes defaults for the rest', () => {
    expect(readConfig(schema, { ...good, UJI_LIST: ' a, b ,,c ', LAIN: 'x' })).toEqual({
      UJI_PORT: 8080,
      UJI_SECRET: 'rahasia-sekali',
      UJI_LIST: ['a', 'b', 'c'],
      UJI_LEVEL: 'info',
      UJI_WAIT: 100,
    });
  });

  test('an empty value is as good as none', () => {
    expect(readConfig(schema, { ...good, UJI_LEVEL: '', UJI_SECRET_FILE: '' })).toMatchObject({ UJI_LEVEL: 'info' });
    expect(faultsOf({ ...good, UJI_PORT: '' })).toEqual(['UJI_PORT: is required']);
  });

  test.each([
    ['rahasia-dari-berkas', 'rahasia-dari-berkas'],
    ['rahasia-dari-berkas\n', 'rahasia-dari-berkas'],
    ['rahasia-dari-berkas\r\n', 'rahasia-dari-berkas'],
    [' rahasia dengan spasi \n', ' rahasia dengan spasi '],
    ['rahasia\nbaris dua\n\n', 'rahasia\nbaris dua\n'],
  ])('a value may come from a file: %j', async (text, value) => {
    const read = readConfig(schema, { UJI_PORT: '1', UJI_SECRET_FILE: await fileWith(text) });
    expect(read.UJI_SECRET).toBe(value);
  });

  test('what is wrong in a file is found as well', async () => {
    expect(faultsOf({ UJI_PORT: '1', UJI_SECRET_FILE: await fileWith('pendek') })).toEqual([
      'UJI_SECRET: must have at least 8 characters',
    ]);
  });

  test('a value that is given twice, and a file that cannot be read', () => {
    expect(faultsOf({ ...good, UJI_SECRET_FILE: join(folder, 'x') })).toEqual([
      'UJI_SECRET: given twice, by UJI_SECRET and UJI_SECRET_FILE',
    ]);
    expect(faultsOf({ UJI_PORT: '1', UJI_SECRET_FILE: join(folder, 'tidak-ada') })).toEqual([
      'UJI_SECRET_FILE: cannot be read (ENOENT)',
    ]);
    expect(faultsOf({ UJI_PORT: '1', UJI_SECRET_FILE: folder })).toEqual(['UJI_SECRET_FILE: cannot be read (EISDIR)']);
  });

  test('all faults are told at once, by name and without any value', () => {
    const secret = 'rhs-7f3';
    const faults = faultsOf({ UJI_PORT: '99999', UJI_SECRET: secret, UJI_LEVEL: 'keras-9z', UJI_WAIT: 'lama-4k' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['UJI_PORT', 'UJI_SECRET', 'UJI_LEVEL', 'UJI_WAIT']);
    const { message } = new ConfigError(faults);
    for (const value of ['99999', secret, 'keras-9z', 'lama-4k']) expect(message).not.toContain(value);
    for (const fault of faults) expect(message).toContain(fault);
  });

  test.each([
    ['UJI_PORT', '65536'],
    ['UJI_PORT', '-1'],
    ['UJI_PORT', '80.5'],
    ['UJI_PORT', 'http'],
    ['UJI_WAIT', '9'],
    ['UJI_WAIT', '1001'],
    ['UJI_LEVEL', 'INFO'],
    ['UJI_SECRET', '1234567'],
  ])('%s=%s is a fault', (name, value) => {
    expect(faultsOf({ ...good, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  // a fault of one name hides those of every name that it begins with
  test('a name that another one begins with has a fault of its own', () => {
    const both = z.object({ UJI_LAIN: z.string(), UJI: z.string() });
    const read = () => readConfig(both, { UJI_LAIN_FILE: join(folder, 'tidak-ada') });
    expect(read).toThrow('UJI: is required');
  });
});

test('bus and database settings carry the prefix of their service', () => {
  const both = z.object({ ...busEnv('UJI'), ...databaseEnv('UJI') });
  expect(Object.keys(both.shape).every((name) => name.startsWith('UJI_'))).toBe(true);
  const read = readConfig(both, {
    UJI_NATS_URL: 'nats://a:1,nats://b:2',
    UJI_NATS_USER: 'uji',
    UJI_NATS_PASSWORD: 'rahasia-nats',
    UJI_DATABASE_HOST: 'localhost',
    UJI_DATABASE_NAME: 'gerbang',
    UJI_DATABASE_USER: 'uji',
    UJI_DATABASE_PASSWORD: 'rahasia-basis',
  });
  expect(read).toMatchObject({
    UJI_NATS_URL: ['nats://a:1', 'nats://b:2'],
    UJI_DATABASE_PORT: 5432,
    UJI_DATABASE_POOL: 10,
  });
});

test('secrets have no defaults', () => {
  const both = z.object({ ...busEnv('UJI'), ...databaseEnv('UJI') });
  expect(() => readConfig(both, {})).toThrow(/UJI_NATS_PASSWORD: is required[^]*UJI_DATABASE_PASSWORD: is required/);
});
