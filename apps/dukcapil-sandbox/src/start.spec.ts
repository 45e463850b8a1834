import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeConsumer, SITI, startSandbox } from '../test/sandbox-fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('start', () => {
  it('tells its address, and closes twice without complaint', async () => {
    const sandbox = await startSandbox([makeConsumer()]);
    expect(sandbox.url).toBe(`http://127.0.0.1:${sandbox.port}`);
    await sandbox.close();
    await sandbox.close();
    await expect(sandbox.callNik(SITI)).rejects.toThrow();
  });

  it('ends requests that hang when it closes', async () => {
    const sandbox = await startSandbox();
    await sandbox.control('POST', '/faults', { kind: 'hang-after-count' });
    const hanging = sandbox.callNik(SITI).then(
      () => 'answered',
      () => 'ended',
    );
    while ((await sandbox.state()).inFlight === 0);
    await sandbox.close();
    expect(await hanging).toBe('ended');
  });

  const withOpenssl = spawnSync('openssl', ['version']).status === 0 ? it : it.skip;
  withOpenssl('speaks TLS, and can reset such a connection too', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=contoh', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const newkey = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...newkey, ...subject], { stdio: 'ignore' });
    const sandbox = await startSandbox([], { SANDBOX_TLS_CERT_FILE: cert, SANDBOX_TLS_KEY_FILE: key });
    const call = (method: string, path: string, body: object = {}) =>
      new Promise<string>((resolve) => {
        const options = {
          method,
          ca: readFileSync(cert),
          headers: { 'content-type': 'application/json' },
          agent: false,
        };
        request(sandbox.url + path, options, (answer) => {
          answer.on('data', () => undefined).on('end', () => resolve(String(answer.statusCode)));
        })
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
          .end(JSON.stringify(body));
      });
    const { userId, ...consumer } = makeConsumer();
    expect(await call('PUT', `/_control/consumers/${userId}`, consumer)).toBe('201');
    expect(await call('POST', `${consumer.pathPrefix}/call_nik`, { user_id: userId })).toBe('200');
    expect(await call('POST', '/_control/faults', { kind: 'reset' })).toBe('201');
    expect(await call('POST', `${consumer.pathPrefix}/call_nik`, { user_id: userId })).toBe('ECONNRESET');
    await sandbox.close();
  });
});
