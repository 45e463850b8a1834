import { type Report } from '../src/index.js';
import { OfficeLog, officeKey, opening, type Bundle, type BundleObject } from './office-log.js';
import { verified } from './verifying.js';

/** 24 events, a look-up every 100 seconds; checkpoints of 6, 14 and 24. */
export function officeLog(key = officeKey(1)): OfficeLog {
  const log = new OfficeLog(key);
  for (let number = 0; number < 12; number++) {
    log.lookUp(opening + number * 100);
    if ([2, 6, 11].includes(number)) log.sign(opening + number * 100 + 30);
  }
  return log;
}

export const log = officeLog();
export const keys = [log.verifierKey];

/** What is found in a bundle of that log that somebody has changed. */
export function tampered(change: (bundle: Bundle) => void, period: { from?: number; to?: number } = {}): Report {
  const bundle = log.bundle(period.from, period.to);
  change(bundle);
  return verified(bundle, { keys });
}

export function copyOf(line: BundleObject): BundleObject {
  return JSON.parse(JSON.stringify(line)) as BundleObject;
}

/** An event that nobody logged, as good as one. */
export function invented(bundle: Bundle, at: number): BundleObject {
  const line = copyOf(bundle.event(at));
  line.leaf = { ...line.leaf, type: 'REFUSED', id: '0198c1d2-7000-7000-9000-ffffffffffff', outcome: 'NOT_PERMITTED' };
  bundle.rehash(line);
  return line;
}

export function move(bundle: Bundle, from: number, to: number): void {
  const line = bundle.event(from);
  bundle.remove(line);
  bundle.insertBefore(bundle.event(to), line);
}
