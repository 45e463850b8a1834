import { createHash } from 'node:crypto';
import type { MadeEvent } from './history-fixture.js';

/** The same numbers for the same seed (mulberry32), so that a test that failed fails again. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Days and moments at which counts go wrong: Jakarta's midnight is 17:00 UTC. */
export const edges = [
  '2023-12-31T16:59:59.999999Z',
  '2023-12-31T17:00:00.000000Z',
  '2024-01-31T16:59:59.999999Z',
  '2024-01-31T17:00:00.000000Z',
  '2024-02-28T16:59:59.999999Z',
  '2024-02-28T17:00:00.000000Z',
  '2024-02-29T16:59:59.999999Z',
  '2024-02-29T17:00:00.000000Z',
  '2024-06-30T16:59:59.999999Z',
  '2024-06-30T17:00:00.000000Z',
  '2024-12-31T16:59:59.999999Z',
  '2024-12-31T17:00:00.000000Z',
];

const uuid = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const minutes = (at: string, count: number): string =>
  `${new Date(Date.parse(at) + count * 60_000).toISOString().slice(0, 23)}${at.slice(23)}`;

const services = ['SKU', 'NIB', 'SKTM', 'SURAT_PINDAH', null];
const codes = ['QUOTA_EXHAUSTED', 'NDA_MISSING', 'ALREADY_ANSWERED', 'UPSTREAM_CLOSED'];
const found = ['FOUND', 'FOUND', 'FOUND', 'NOT_FOUND', 'DECEASED', 'UNPROCESSABLE'];

/** `count` look-ups and refusals of a year, about one in six at an edge, in the order in which they were committed. */
export function madeEvents(office: string, seed: number, count: number): MadeEvent[] {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const begin = Date.parse('2023-12-30T00:00:00Z');
  const events: MadeEvent[] = [];
  for (let n = 0; n < count; n += 1) {
    const at =
      random() < 0.17 ? pick(edges) : `${new Date(begin + random() * 370 * 86_400_000).toISOString().slice(0, 23)}123Z`;
    const verificationId = uuid(`${office}/${seed}/${n}`);
    const common = {
      verificationId,
      version: at < '2024-04-14T17' ? uuid(`${office}/v1`) : uuid(`${office}/v2`),
      client: pick(['paten', 'siak-lokal', 'uji']),
      operator: random() < 0.05 ? null : uuid(`${office}/operator/${Math.floor(random() * 5)}`),
      service: pick(services),
      reference: `500/${n % 40}`,
      mode: pick(['LOOKUP', 'MATCH']),
    };
    if (random() < 0.2) {
      events.push({ ...common, at, kind: 'REFUSED', mode: random() < 0.5 ? null : common.mode, outcome: pick(codes) });
      continue;
    }
    const person = { nikHmac: hash(`${office}/person/${n % 90}`), referenceHmac: hash(`${office}/case/${n % 40}`) };
    const asked = { ...common, ...person };
    events.push({ ...asked, at, kind: 'REQUESTED', hit: 'reserved' });
    const answer = (after: number, hit: string, outcome: string | null) =>
      events.push({ ...asked, at: minutes(at, after), kind: 'ANSWERED', hit, outcome });
    const fate = random();
    if (fate < 0.6) answer(0, 'confirmed', pick(found));
    // the next day
    else if (fate < 0.7) answer(1_440, 'confirmed', pick(found));
    else if (fate < 0.78) answer(1, 'unknown', 'UPSTREAM_TIMEOUT');
    else if (fate < 0.9) {
      answer(1, 'unknown', 'UPSTREAM_TIMEOUT');
      // given up, confirmed all the same, perhaps thousands of leaves later
      answer(random() < 0.5 ? 2 : 40_000, 'confirmed', pick(found));
    } else if (fate < 0.96) answer(0, 'released', 'UPSTREAM_UNAVAILABLE');
    // else never answered
  }
  return events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
