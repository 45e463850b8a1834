import type { Matcher } from './matcher.js';

/** The text with everything struck out of it that the matcher knows, in any encoding. */
export function withoutSecrets(text: string, matcher: Matcher): string {
  const bytes = Buffer.from(text);
  const struck: [from: number, to: number][] = [];
  matcher.scan(bytes, (pattern, at) => struck.push([at, at + (matcher.patterns[pattern]?.bytes.length ?? 0)]));
  if (struck.length === 0) return text;
  const kept = [...bytes.entries()].map(([index, byte]) =>
    struck.some(([from, to]) => index >= from && index < to) ? 0x23 : byte,
  );
  return Buffer.from(kept).toString('utf8').replace(/#+/g, '#');
}
