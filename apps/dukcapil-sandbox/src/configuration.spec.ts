import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeConsumer } from '../test/sandbox-fixture.js';
import { readConfiguration } from './configuration.js';

describe('readConfiguration', () => {
  it('needs nothing: loopback, a free port, no consumer', () => {
    expect(readConfiguration({})).toEqual({ host: '127.0.0.1', port: 0, consumers: [], tls: undefined });
  });

  it('fills in what a consumer leaves out', () => {
    const { pathPrefix, userId, password, ips } = makeConsumer();
    const env = { SANDBOX_CONSUMERS: JSON.stringify([{ pathPrefix, userId, password, ips }]) };
    expect(readConfiguration(env).consumers).toEqual([makeConsumer()]);
  });

  it('lists all faults at once', () => {
    const consumers = JSON.stringify([{ ...makeConsumer(), quota: -1, pathPrefix: 'x' }]);
    const read = () =>
      readConfiguration({ SANDBOX_PORT: 'x', SANDBOX_CONSUMERS: consumers, SANDBOX_TLS_KEY_FILE: '/nowhere/key.pem' });
    for (const fault of ['SANDBOX_PORT', 'CONSUMERS.0.quota', '0.pathPrefix', 'KEY_FILE: cannot be read', 'both']) {
      expect(read).toThrow(fault);
    }
  });

  it('refuses a User ID that is given twice', () => {
    const consumers = JSON.stringify([makeConsumer(), makeConsumer()]);
    expect(() => readConfiguration({ SANDBOX_CONSUMERS: consumers })).toThrow('USERID_CONTOH is given twice');
  });

  it('reads consumers from a file too', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'consumers.json');
    writeFileSync(file, JSON.stringify([makeConsumer()]));
    expect(readConfiguration({ SANDBOX_CONSUMERS_FILE: file }).consumers).toEqual([makeConsumer()]);
    writeFileSync(file, '[');
    expect(() => readConfiguration({ SANDBOX_CONSUMERS_FILE: file })).toThrow('SANDBOX_CONSUMERS_FILE: is not JSON');
  });
});
