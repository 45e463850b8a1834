import { BundleVerifier, type BundleOptions, type Report } from '../src/index.js';

export function verified(bundle: { toString(): string }, options: BundleOptions = {}): Report {
  const verifier = new BundleVerifier(options);
  for (const line of bundle.toString().split('\n')) verifier.line(line);
  return verifier.end();
}

/** What was found, each name once, in the order in which it was found. */
export function found(report: Report): string[] {
  return [...new Set(report.findings.map(({ name }) => name))];
}

/** Name and number of every finding. */
export function places(report: Report): (string | number | undefined)[][] {
  return report.findings.map(({ name, index }) => [name, index]);
}
