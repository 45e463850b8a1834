import { expect, test } from '@jest/globals';
import { readable } from './readable.js';

const show = (value: unknown, width = 80) => readable(value, width).split('\n');

test('names and values stand in two columns', () => {
  expect(show({ id: 'a', name: 'Siti', count: 0, done: false, nothing: null, empty: [], list: [1, 2] })).toEqual([
    'id       a',
    'name     Siti',
    'count    0',
    'done     false',
    'nothing  -',
    'empty    -',
    'list     1, 2',
  ]);
});

test('parts are indented, lines of a text go on below', () => {
  expect(show({ a: { b: { c: 1 } }, text: 'x\ny' })).toEqual(['a', '  b', '    c  1', 'text  x', '      y']);
});

test('a list of plain objects is a table', () => {
  expect(
    show([
      { id: 'a', state: 'active' },
      { id: 'bcd', more: ['x', 'y'] },
    ]),
  ).toEqual(['id   state   more', 'a    active  -', 'bcd  -       x, y']);
});

test('a table that does not fit, or has parts, becomes blocks', () => {
  expect(show([{ id: 'a', state: 'active' }], 8)).toEqual(['[1]', '  id     a', '  state  active']);
  expect(show([{ id: 'a', inner: { b: 1 } }])).toEqual(['[1]', '  id  a', '  inner', '    b  1']);
});

test('what only a program needs is left out', () => {
  expect(show({ csrfToken: 'x', id: 'a' })).toEqual(['id  a']);
});
