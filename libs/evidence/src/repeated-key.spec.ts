import { expect, test } from '@jest/globals';
import { hasRepeatedKey } from './repeated-key.js';

test.each([
  ['{"a":1,"a":1}', true],
  ['{"a":1,"b":{"c":[{"d":1},{"e":1,"d":2,"e":3}]}}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"a":{"b":1},"a" :1}', true],
  ['{"a":{"a":{"a":"a"}},"b":["a","a"]}', false],
  ['{"a":"{\\"b\\":1,\\"b\\":2}","b":"\\\\"}', false],
  ['[{"a":1},{"a":1}]', false],
  ['"a"', false],
])('%s', (json, expected) => expect(hasRepeatedKey(json)).toBe(expected));
