import { fromBase64, openCheckpoint, parseVerifierKey, verifyConsistency, verifyInclusion } from '#evidence';
import type { Checkpoint } from '#contracts';
import type { Pool } from 'pg';
import type { Proofs } from '../../apps/nik-verification/src/evidence/proofs.js';
import { percentile } from '../report/statistics.js';
import type { KnownLog } from './checkpoint-series.js';

/** Milliseconds. */
export interface Spread {
  median: number;
  p95: number;
}

export type ProofRound = Record<'inclusion' | 'consistency' | 'select', Spread>;

interface Timed<T> {
  ms: number;
  value: T;
}

/** Proofs of a log one after the other, beside a single SELECT; every proof is checked against what is known of the log. */
export class ProofRounds {
  /** Proofs that were checked, and those that are wrong. */
  checked = 0;
  readonly faults: string[] = [];

  constructor(
    private readonly proofs: Proofs,
    private readonly pool: Pool,
    private readonly log: KnownLog,
    private readonly key: string,
  ) {}

  /** Inclusion, consistency, SELECT, and the other way round: none always comes first. */
  async play(rounds: number, each: number, onRound: (round: ProofRound) => void): Promise<ProofRound[]> {
    const played: ProofRound[] = [];
    const kinds = ['inclusion', 'consistency', 'select'] as const;
    for (const kind of kinds) await this.measure(kind, Math.ceil(each / 10));
    for (let n = 0; n < rounds; n += 1) {
      const round: Partial<ProofRound> = {};
      for (const kind of n % 2 === 0 ? kinds : kinds.toReversed()) round[kind] = await this.measure(kind, each);
      played.push(round as ProofRound);
      onRound(round as ProofRound);
    }
    return played;
  }

  private async measure(kind: keyof ProofRound, count: number): Promise<Spread> {
    if (kind === 'inclusion') return this.measureInclusion(count);
    return kind === 'consistency' ? this.measureConsistency(count) : this.measureSelect(count);
  }

  private async measureInclusion(count: number): Promise<Spread> {
    const { institutionId, leafHash, roots } = this.log;
    const wanted = Array.from({ length: count }, () => {
      const size = this.randomSize();
      return { index: random(size), size };
    });
    const timed = await inTurn(wanted, ({ index, size }) => this.proofs.proveInclusion(institutionId, { index }, size));
    for (const [n, { value }] of timed.entries()) {
      const { index, size } = wanted[n]!;
      const isRight =
        value.index === index &&
        value.size === size &&
        this.isSigned(value.checkpoint, size) &&
        verifyInclusion({
          index,
          size,
          leafHash: leafHash(index),
          root: roots.get(size)!,
          proof: decode(value.hashes),
        });
      this.count(isRight, `inclusion of ${index} in ${size}`);
    }
    return spreadOf(timed);
  }

  private async measureConsistency(count: number): Promise<Spread> {
    const { institutionId, roots } = this.log;
    const wanted = Array.from({ length: count }, () => {
      const [from = 0, to = 0] = [this.randomSize(), this.randomSize()].sort((a, b) => a - b);
      return { from, to };
    });
    const timed = await inTurn(wanted, ({ from, to }) => this.proofs.proveConsistency(institutionId, from, to));
    for (const [n, { value }] of timed.entries()) {
      const { from, to } = wanted[n]!;
      const [fromRoot, toRoot] = [roots.get(from)!, roots.get(to)!];
      const isRight =
        value.from === from &&
        value.to === to &&
        this.isSigned(value.checkpoint, to) &&
        verifyConsistency({ from, to, fromRoot, toRoot, proof: decode(value.hashes) });
      this.count(isRight, `consistency of ${from} with ${to}`);
    }
    return spreadOf(timed);
  }

  /** The baseline: the least that any answer from the database costs. */
  private async measureSelect(count: number): Promise<Spread> {
    const wanted = Array.from({ length: count }, () => random(this.log.size));
    const text = 'SELECT leaf_hash FROM verification.log_leaf WHERE log_id = $1 AND index = $2';
    const timed = await inTurn(wanted, (index) =>
      this.pool.query<{ leaf_hash: Buffer }>({ name: 'bench_leaf', text, values: [this.log.logId, index] }),
    );
    return spreadOf(timed);
  }

  private isSigned({ note }: Checkpoint, size: number): boolean {
    const opened = openCheckpoint(note, [parseVerifierKey(this.key)!]);
    const root = this.log.roots.get(size);
    return opened.ok && opened.checkpoint.size === size && Buffer.compare(opened.checkpoint.root, root!) === 0;
  }

  private count(isRight: boolean, what: string): void {
    this.checked += 1;
    if (!isRight) this.faults.push(`a proof is wrong: ${what}`);
  }

  private randomSize(): number {
    return this.log.sizes[random(this.log.sizes.length)]!;
  }
}

const random = (below: number): number => Math.floor(Math.random() * below);

const decode = (hashes: readonly string[]): Uint8Array[] => hashes.map((hash) => fromBase64(hash)!);

async function inTurn<T, R>(wanted: readonly T[], ask: (one: T) => Promise<R>): Promise<Timed<R>[]> {
  const timed: Timed<R>[] = [];
  for (const one of wanted) {
    const startedAt = performance.now();
    const value = await ask(one);
    timed.push({ ms: performance.now() - startedAt, value });
  }
  return timed;
}

function spreadOf(timed: readonly Timed<unknown>[]): Spread {
  const sorted = Float64Array.from(timed, ({ ms }) => ms).sort();
  return { median: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}
