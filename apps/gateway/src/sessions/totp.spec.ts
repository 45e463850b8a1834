import { describe, expect, test } from '@jest/globals';
import { Secret, URI } from 'otpauth';
import { findTotpStep, makeTotpSecret } from './totp.js';

/** RFC 6238 appendix B, SHA-1; the last six of its eight digits. */
const seed = Secret.fromUTF8('12345678901234567890').base32;
const vectors: [number, string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
];

describe.each(vectors)('at second %i the code is %s', (second, code) => {
  const step = Math.floor(second / 30);
  const at = (steps: number) => new Date((step + steps) * 30_000);

  test('one step early and late too', () => {
    expect(findTotpStep(seed, code, new Date(second * 1000))).toBe(step);
    expect(findTotpStep(seed, code, at(-1))).toBe(step);
    expect(findTotpStep(seed, code, at(1))).toBe(step);
    expect(findTotpStep(seed, code, new Date(at(2).getTime() - 1))).toBe(step);
  });

  test('and no earlier or later', () => {
    expect(findTotpStep(seed, code, new Date(at(-1).getTime() - 1))).toBeUndefined();
    expect(findTotpStep(seed, code, at(2))).toBeUndefined();
  });
});

test.each(['', '28708', '2870822', '94287082', 'abcdef', '２８７０８２'])('%j is no code', (code) =>
  expect(findTotpStep(seed, code, new Date(59_000))).toBeUndefined(),
);

test('a new secret has 160 bits, and an address that authenticators read', () => {
  const { secret, uri } = makeTotpSecret('camat.contoh');
  expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
  expect(secret).not.toBe(makeTotpSecret('camat.contoh').secret);
  expect(URI.parse(uri)).toMatchObject({
    issuer: 'Gerbang PATEN',
    label: 'camat.contoh',
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
    secret: { base32: secret },
  });
});
