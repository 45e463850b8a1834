import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLine, splitGeneral, type Option } from './options.js';

const switches = new Set(['checkOnly']);
const read = (...argv: string[]) => readLine(argv, (name) => switches.has(name));
const options = (...pairs: [string, string | undefined][]): Option[] => pairs.map(([name, value]) => ({ name, value }));

describe('a line', () => {
  test.each<[string, string[], { words: string[]; options: Option[]; help?: boolean }]>([
    ['nothing', [], { words: [], options: [] }],
    ['words', ['client', 'list'], { words: ['client', 'list'], options: [] }],
    ['a value', ['x', '--reason', 'a b'], { words: ['x'], options: options(['reason', 'a b']) }],
    ['a value after =', ['x', '--reason=a=b'], { words: ['x'], options: options(['reason', 'a=b']) }],
    ['an empty value', ['x', '--reason', ''], { words: ['x'], options: options(['reason', '']) }],
    ['an empty value after =', ['x', '--reason='], { words: ['x'], options: options(['reason', '']) }],
    ['a value like an option', ['x', '--reason=--a'], { words: ['x'], options: options(['reason', '--a']) }],
    ['a missing value', ['x', '--a', '--b', '1'], { words: ['x'], options: options(['a', undefined], ['b', '1']) }],
    ['a negative number', ['x', '--n', '-5'], { words: ['x'], options: options(['n', '-5']) }],
    ['stdin', ['x', '--file', '-'], { words: ['x'], options: options(['file', '-']) }],
    ['a repeat', ['x', '--l', 'a', '--l', 'b'], { words: ['x'], options: options(['l', 'a'], ['l', 'b']) }],
    ['a switch', ['x', '--checkOnly'], { words: ['x'], options: options(['checkOnly', undefined]) }],
    [
      'a switch and a word',
      ['x', '--checkOnly', 'y'],
      { words: ['x', 'y'], options: options(['checkOnly', undefined]) },
    ],
    ['a switch turned off', ['x', '--checkOnly', 'false'], { words: ['x'], options: options(['checkOnly', 'false']) }],
    ['options first', ['--url', 'http://x', 'login'], { words: ['login'], options: options(['url', 'http://x']) }],
    ['a word too much', ['a', '--b', 'c', 'd'], { words: ['a', 'd'], options: options(['b', 'c']) }],
    ['help', ['client', '--help'], { words: ['client'], options: [], help: true }],
    ['short help', ['-h'], { words: [], options: [], help: true }],
  ])('%s', (_name, argv, line) => expect(read(...argv)).toEqual({ help: false, ...line }));

  test('gives back whatever was written with =', () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z.]{0,12}$/).filter((text) => text !== 'help');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
        const argv = pairs.map(([key, value]) => `--${key}=${value}`);
        expect(read('client', 'list', ...argv)).toEqual({
          words: ['client', 'list'],
          options: options(...pairs),
          help: false,
        });
      }),
    );
  });
});

describe('general options', () => {
  const split = (given: Option[], ofCommand: string[] = []) => splitGeneral(given, (name) => ofCommand.includes(name));

  test('are told from those of the command', () => {
    expect(split(options(['url', 'http://x'], ['reason', 'y'], ['output', 'text']))).toEqual({
      general: { url: 'http://x', output: 'text' },
      own: options(['reason', 'y']),
    });
  });

  test("give way to a command's own", () => {
    expect(split(options(['file', 'a.json']), ['file'])).toEqual({ general: {}, own: options(['file', 'a.json']) });
  });

  test.each<[string, Option[], string]>([
    ['twice', options(['url', 'a'], ['url', 'b']), '--url ditulis lebih dari sekali.'],
    ['without a value', options(['ca', undefined]), '--ca memerlukan nilai.'],
    ['another output', options(['output', 'xml']), '--output: pilih json atau text.'],
  ])('are refused %s', (_name, given, fault) => expect(() => split(given)).toThrow(fault));
});
