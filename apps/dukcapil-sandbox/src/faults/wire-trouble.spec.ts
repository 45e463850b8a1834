import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { streamHuge } from './wire-trouble.js';

describe('streamHuge', () => {
  it('waits for a slow reader in place of piling the answer up', async () => {
    const slow = Object.assign(new PassThrough({ highWaterMark: 1 }), { writeHead: () => undefined });
    streamHuge(slow as unknown as ServerResponse, { record: '{"NIK":1}' }, 2);
    await new Promise(setImmediate);
    expect(slow.writableLength + slow.readableLength).toBeLessThan(3 * 65_536);
    let read = 0;
    for await (const chunk of slow) read += (chunk as Buffer).length;
    expect(read).toBeGreaterThan(2 * 1_048_576);
  });
});
