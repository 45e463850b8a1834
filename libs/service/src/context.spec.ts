import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currentContext, makeContext, runInContext } from './context.js';

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const given = `00-${traceId}-00f067aa0ba902b7-01`;
const traceparent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('the correlation id', () => {
  test.each([
    'a',
    'loket-1.2026:07_3',
    '019ab3c4-5d6e-7f80-9123-456789abcdef',
    '2026-11-23T02:15:30.123Z',
    '123456789012345',
    'x'.repeat(64),
  ])('%s is taken over', (id) => expect(makeContext(id).correlationId).toBe(id));

  test.each([
    undefined,
    '',
    ' ',
    'dua kata',
    'baris\nbaru',
    '-x',
    '"x"',
    '{x}',
    'é',
    'x'.repeat(65),
    '3313044107909901',
    'nik-3313044107909901',
    'nik3313044107909901x',
    '33130441079099010000',
    '3313-0441-0790-9901',
    '33.1304.410790.9901',
    '3313_0441:0790-9901',
    'nik-331304-410790-9901-x',
  ])('%j is not: one is made', (id) => expect(makeContext(id).correlationId).toMatch(uuidv7));

  test('is a new one each time', () => {
    expect(makeContext().correlationId).not.toBe(makeContext().correlationId);
  });

  test('never carries sixteen digits in a row, nor anything that breaks a log line', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { correlationId } = makeContext(text);
        expect(correlationId).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
        expect(correlationId).not.toMatch(/^\D*\d(?:[._:-]?\d){15}\D*$/);
      }),
    );
  });
});

describe('the trace', () => {
  test('goes on under the same id, with this hop as parent', () => {
    const { traceparent: own } = makeContext('x', given);
    expect(own).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(own).not.toBe(given);
  });

  test('keeps the flags', () => {
    expect(makeContext('x', given.replace(/01$/, '00')).traceparent).toMatch(/-00$/);
  });

  test('a trace id that might hold a NIK is not taken over: it would go to every log', () => {
    const { traceparent: own } = makeContext('x', '00-a3313044107909901a3ce929d0e0e473-00f067aa0ba902b7-01');
    expect(own).toMatch(traceparent);
    expect(own).not.toContain('3313044107909901');
  });

  test.each([
    undefined,
    '',
    'x',
    `01-${traceId}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${traceId.slice(1)}-00f067aa0ba902b7-01`,
    `${given}-more`,
    ` ${given}`,
  ])('%j starts a new one', (text) => {
    const { traceparent: own } = makeContext('x', text);
    expect(own).toMatch(traceparent);
    expect(own).not.toContain(traceId);
    expect(own.slice(3, 35)).not.toBe('0'.repeat(32));
  });
});

test('is there in all that the work awaits, and nowhere else', async () => {
  const [one, other] = [makeContext('satu'), makeContext('dua')];
  const seen = (context: typeof one) =>
    runInContext(context, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentContext();
    });
  expect(await Promise.all([seen(one), seen(other)])).toEqual([one, other]);
  expect(currentContext()).toBeUndefined();
});
