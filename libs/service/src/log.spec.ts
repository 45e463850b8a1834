import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeError } from './log.js';

const root = join(import.meta.dirname, '..', '..', '..');
const nik = '3313043108859903';

/** What a process of its own writes when it logs: pino writes to the standard output of its process. */
async function linesOf(script: string): Promise<{ lines: Record<string, unknown>[]; text: string }> {
  const program = `
    import { Log, makeContext, runInContext } from '#service';
    const log = Log.create('uji', 'info');
    const nik = '${nik}';
    ${script}`;
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter(Boolean);
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), text: stdout };
}

describe('an event', () => {
  let lines: Record<string, unknown>[];
  let text: string;
  beforeAll(async () => {
    ({ lines, text } = await linesOf(`
      log.event('info', 'jawaban', { code: 'FOUND', status: 200, outcome: undefined, nik, nama: 'SITI CONTOH', body: { nik } });
      log.event('debug', 'tidak ditulis', { code: 'X' });
      runInContext(makeContext('loket-1', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'), () => log.event('warn', 'berkait'));
    `));
  });

  test('is one line of JSON with its time, level and service', () => {
    expect(lines[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'uji',
      code: 'FOUND',
      status: 200,
      msg: 'jawaban',
    });
  });

  test('leaves out every field that is not on the allow-list, whatever it holds', () => {
    expect(text).not.toContain(nik);
    expect(text).not.toContain('SITI');
  });

  test('is not written below the level', () => {
    expect(lines).toHaveLength(2);
  });

  test('is joined to its request', () => {
    expect(lines[1]).toMatchObject({ correlationId: 'loket-1', trace: '4bf92f3577b34da6a3ce929d0e0e4736' });
  });
});

describe('a failure', () => {
  test('names class, code, frames and the class of the cause, and quotes no message', async () => {
    const { lines, text } = await linesOf(`
      class KesalahanBasis extends Error { name = 'KesalahanBasis'; code = '22P02'; }
      const cause = Object.assign(new Error('connect ' + nik), { code: 'ECONNREFUSED' });
      log.failure('gagal', new KesalahanBasis('invalid input: ' + nik, { cause }), { code: 'INTERNAL_ERROR', nik });
      log.failure('gagal', 'teks ' + nik, {}, 'warn');
      log.failure('gagal', { nik });
      log.failure('gagal', new Error('x', { cause: nik }));
    `);
    expect(lines[0]).toMatchObject({
      level: 'error',
      msg: 'gagal',
      code: 'INTERNAL_ERROR',
      errorName: 'KesalahanBasis',
      errorCode: '22P02',
      reason: 'Error ECONNREFUSED',
      stack: expect.stringMatching(/^\s+at /),
    });
    expect(lines[1]).toMatchObject({ level: 'warn', errorName: 'string' });
    expect(lines[2]).toMatchObject({ errorName: 'object' });
    expect(lines[3]).toMatchObject({ reason: 'string' });
    expect(text).not.toContain(nik);
    expect(text).not.toContain('invalid input');
  });

  test('takes no line of a message for a frame of the stack', () => {
    const error = new Error(`baris satu\nbaris dua ${nik}`);
    expect(describeError(error).stack).not.toContain('baris');
  });

  // a message that looks like a frame is written as one
  test('nor one that is made to look like it', () => {
    const error = new Error(`salah\n    at ${nik} (data.sql:1:1)`);
    expect(describeError(error).stack).not.toContain(nik);
  });
});

describe('what Nest logs', () => {
  test('is struck of long digit runs, cut, and quotes no message of an error', async () => {
    const { lines, text } = await linesOf(`
      log.warn('Mapped ' + nik + ' route', 'Router');
      log.error(new Error('salah ' + nik), 'ExceptionsHandler');
      log.error('x'.repeat(1000));
      log.warn({ nik });
      log.log('hanya untuk penelusuran');
    `);
    expect(lines.map(({ msg, level }) => ({ msg, level }))).toEqual([
      { level: 'warn', msg: 'Mapped # route (Router)' },
      { level: 'error', msg: 'framework (ExceptionsHandler)' },
      { level: 'error', msg: 'x'.repeat(300) },
    ]);
    expect(text).not.toContain(nik);
  });
});
