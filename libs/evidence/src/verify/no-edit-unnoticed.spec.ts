import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OfficeLog, opening } from '../../test/office-log.js';
import { verified } from '../../test/verifying.js';
import { verifyEd25519, type VerifySignature } from '../keys.js';
import { toHex } from '../bytes.js';

const log = new OfficeLog();
for (let number = 0; number < 5; number++) {
  log.lookUp(opening + number * 100);
  if (number % 3 === 1) log.sign(opening + number * 100 + 10);
}

// the same few signatures, again and again
const known = new Map<string, boolean>();
const verifySignature: VerifySignature = (signature, message, publicKey) => {
  const name = [signature, message, publicKey].map(toHex).join();
  if (!known.has(name)) known.set(name, verifyEd25519(signature, message, publicKey));
  return known.get(name)!;
};
const options = { keys: [log.verifierKey], verifySignature };
const lines = log.bundle().toString().trimEnd().split('\n');
const notHeader = fc.integer({ min: 1, max: lines.length - 1 });

test('what is not edited is good', () => {
  expect(verified(lines.join('\n'), options)).toMatchObject({ ok: true, size: 10 });
});

test('no character behind the first line can be another', () => {
  const at = notHeader.chain((line) => fc.tuple(fc.constant(line), fc.nat(lines[line]!.length - 1)));
  const other = fc.oneof(fc.constantFrom(...'0123456789abcdefA"{},:n='), fc.string({ minLength: 0, maxLength: 3 }));
  fc.assert(
    fc.property(at, other, ([number, column], text) => {
      const line = lines[number]!;
      const edited = line.slice(0, column) + text + line.slice(column + 1);
      fc.pre(meaning(edited) !== meaning(line));
      expect(verified(lines.with(number, edited).join('\n'), options).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('no line can be taken out, doubled or moved', () => {
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.nat(lines.length - 1), fc.boolean(), (from, to, isCopied) => {
      const line = lines[from]!;
      const rest = isCopied ? lines : lines.toSpliced(from, 1);
      expect(verified(rest.join('\n'), options).ok && !isCopied).toBe(false);
      const moved = rest.toSpliced(to, 0, line);
      fc.pre(moved.join('\n') !== lines.join('\n'));
      expect(verified(moved.join('\n'), options).ok).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('whatever it is given, it answers', () => {
  const piece = fc.oneof(
    fc.constantFrom(...lines),
    fc.json(),
    fc.string(),
    fc.constantFrom(
      '{"i":1e15,"h":"","leaf":{}}',
      lines[3]!.replace('"i":2', '"i":9007199254740991'),
      '{"__proto__":{}}',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, hasHeader) => {
      const report = verified([...(hasHeader ? [lines[0]] : []), ...pieces].join('\n'), options);
      expect(report.ok).toBe(report.findings.length === 0);
      expect(report.ok).toBe(false);
    }),
    { numRuns: 300 },
  );
});

/** What JSON says; a text that is none says itself. */
function meaning(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
