import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInsideClosedNetwork } from './closed-network.js';

const everything = ['0.0.0.0/0', '::/0'];

describe('isInsideClosedNetwork', () => {
  test.each([
    ['10.0.0.5', ['10.0.0.0/8'], true],
    ['10.0.0.5', ['10.0.0.5/32'], true],
    ['10.0.0.6', ['10.0.0.5/32'], false],
    ['11.0.0.5', ['10.0.0.0/8'], false],
    ['172.16.0.1', ['10.0.0.0/8', '172.16.0.0/12'], true],
    ['172.32.0.1', ['172.16.0.0/12'], false],
    ['100.64.0.1', ['100.64.0.0/10'], true],
    ['169.254.1.1', ['169.254.0.0/16'], true],
    ['127.0.0.1', ['127.0.0.0/8'], true],
    ['::1', ['::1/128'], true],
    ['fd00::5', ['fd00::/8'], true],
    ['fe80::5', ['fe80::/10'], true],
    ['fd00::5', ['10.0.0.0/8'], false],
    ['10.0.0.5', ['fd00::/8'], false],
    ['10.0.0.5', [], false],
  ])('%s in %j: %s', (address, networks, expected) => expect(isInsideClosedNetwork(address, networks)).toBe(expected));

  test.each([
    '203.0.113.5',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '192.169.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '2001:4860:4860::8888',
    '2002:a00:5::1',
    '64:ff9b::a00:5',
    '2001:db8::1',
    'ff02::1',
    '::',
  ])('%s never is, whatever the ranges say', (address) =>
    expect(isInsideClosedNetwork(address, [...everything, `${address}/${address.includes(':') ? 128 : 32}`])).toBe(
      false,
    ),
  );

  test('an IPv4 address written as IPv6 is that address', () => {
    expect(isInsideClosedNetwork('::ffff:10.0.0.5', ['10.0.0.0/8'])).toBe(true);
    expect(isInsideClosedNetwork('::ffff:a00:5', ['10.0.0.0/8'])).toBe(true);
    expect(isInsideClosedNetwork('::ffff:11.0.0.5', ['10.0.0.0/8'])).toBe(false);
    expect(isInsideClosedNetwork('::ffff:203.0.113.5', everything)).toBe(false);
  });

  test.each([
    '',
    'unknown',
    'localhost',
    '10.0.0.5:80',
    '10.0.0.5/8',
    '10.0.0.5, 10.0.0.6',
    '10.0.0.256',
    'fd00::5::1',
    ' ',
  ])('%j is no address, so it is not inside', (address) =>
    expect(isInsideClosedNetwork(address, everything)).toBe(false),
  );

  test('is the same for every spelling of an IPv4 address, and never true outside of the private blocks', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const address = `${a}.${b}.${c}.${d}`;
        const inside = isInsideClosedNetwork(address, everything);
        expect(isInsideClosedNetwork(`::ffff:${address}`, everything)).toBe(inside);
        const closed =
          a === 10 ||
          a === 127 ||
          (a === 172 && b >= 16 && b <= 31) ||
          (a === 192 && b === 168) ||
          (a === 169 && b === 254) ||
          (a === 100 && b >= 64 && b <= 127);
        expect(inside).toBe(closed);
      }),
      { numRuns: 2_000 },
    );
  });
});
