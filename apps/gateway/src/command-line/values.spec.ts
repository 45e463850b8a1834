import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { check, make } from './every-field-fixture.js';
import { optionsOf } from './example.js';

const body = async (...argv: string[]) => (await check(make, ['--thingId', '7', '--text', 'x', ...argv])).body;

describe('values become what the schema wants', () => {
  test.each<[string[], unknown]>([
    [['--number', '24'], { number: 24 }],
    [['--number', '1.5'], { number: 1.5 }],
    [['--whole', '-3'], { whole: -3 }],
    [['--flag'], { flag: true }],
    [['--flag', 'false'], { flag: false }],
    [['--either', 'null'], { either: null }],
    [['--either', 'b'], { either: 'b' }],
    [['--level', '2'], { level: 2 }],
    [['--list', 'a', '--list', 'b'], { list: ['a', 'b'] }],
    [['--list', '7'], { list: ['7'] }],
    [['--list', '["a","b"]', '--list', 'c'], { list: ['a', 'b', 'c'] }],
    [['--list', '[::1]'], { list: ['[::1]'] }],
    [['--list', 'null'], { list: null }],
    [['--numbers', '1', '--numbers', '2'], { numbers: [1, 2] }],
    [['--person.name', 'Siti', '--person.days', '1'], { person: { name: 'Siti', days: [1] } }],
    [['--person.days', '2', '--person', '{"name":"Siti","days":[1]}'], { person: { name: 'Siti', days: [2] } }],
    [['--people', '{"name":"a"}', '--people', '{"name":"b"}'], { people: [{ name: 'a' }, { name: 'b' }] }],
    [['--people', '[{"name":"a"},{"name":"b"}]'], { people: [{ name: 'a' }, { name: 'b' }] }],
    [['--open', '{"a":{"b":null}}'], { open: { a: { b: null } } }],
    [['--json', '{"number":1,"text":"y"}', '--number', '2'], { number: 2 }],
  ])('%j', async (argv, fields) => {
    expect(await body(...argv)).toEqual({ text: 'x', ...(fields as object) });
  });

  test('any body can be written as options and is read again as it was', async () => {
    const name = fc.string({ minLength: 1 });
    const optional = { requiredKeys: [] };
    const bodies = fc.record(
      {
        number: fc.double({ min: 0, max: 720, noNaN: true }).map((number) => number + 0),
        whole: fc.maxSafeInteger().map((number) => number + 0),
        flag: fc.boolean(),
        either: fc.constantFrom('a', 'b', null),
        list: fc.array(
          fc.string().filter((text) => text !== 'null'),
          { minLength: 1 },
        ),
        person: fc.record({ name, days: fc.array(fc.integer(), { minLength: 1 }) }, { requiredKeys: ['name'] }),
        people: fc.array(fc.record({ name }), { minLength: 1 }),
      },
      optional,
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (given) => {
        const argv = optionsOf(make?.body ?? [], given);
        expect(await body(...argv)).toEqual({ text: 'x', ...JSON.parse(JSON.stringify(given)) });
      }),
    );
  });
});
