import type { Load } from './load/load.js';
import type { Job, JobResult } from './load/job.js';
import type { ProcessWatch } from './processes.js';
import { describeLatencies, type Latency } from './report/statistics.js';
import type { Variant, VariantName } from './variant.js';

export interface Measured extends Latency {
  /** Right answers a second. */
  perSecond: number;
  /** Processor time for one look-up by process, milliseconds. */
  cpuMs: Record<string, number>;
}

export type RoundOf<Name extends string> = Record<Name, Measured>;
export type Round = RoundOf<VariantName>;

/** What came back over the whole run, warm-up included: the counts at the end are held against it. */
export interface Tally {
  sent: number;
  answered: number;
  wrong: Record<string, number>;
}

/** Runs both variants by turns, so that whatever else the machine does meets both alike. */
export class Rounds<Name extends string> {
  readonly tallies: Record<Name, Tally>;
  private readonly names: readonly Name[];

  /** @param rest what has to be over before the next turn, so that no variant pays for the one before */
  constructor(
    private readonly variants: Record<Name, Variant>,
    private readonly load: Load,
    private readonly watch: ProcessWatch,
    private readonly connections: number,
    private readonly rest: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.names = Object.keys(variants) as Name[];
    const tally = (): Tally => ({ sent: 0, answered: 0, wrong: {} });
    this.tallies = Object.fromEntries(this.names.map((name) => [name, tally()])) as Record<Name, Tally>;
  }

  async warmUp(ms: number): Promise<void> {
    for (let i = 0; i < 2; i += 1) for (const name of this.order(i)) await this.run(name, ms / 2);
  }

  /** A B B A A B ...: neither always comes first. */
  async play(
    rounds: number,
    roundMs: number,
    perSecond: number | undefined,
    onRound: (round: RoundOf<Name>) => void,
  ): Promise<RoundOf<Name>[]> {
    const played: RoundOf<Name>[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const round: Partial<RoundOf<Name>> = {};
      for (const name of this.order(i)) round[name] = await this.measure(name, roundMs, perSecond);
      played.push(round as RoundOf<Name>);
      onRound(round as RoundOf<Name>);
    }
    return played;
  }

  private async measure(name: Name, ms: number, perSecond: number | undefined): Promise<Measured> {
    await this.rest();
    const before = this.watch.cpuMs();
    const result = await this.run(name, ms, perSecond);
    const used = [...this.watch.cpuMs()].map(
      ([process, after]) => [process, after - (before.get(process) ?? 0)] as const,
    );
    return {
      perSecond: result.inTime / (ms / 1_000),
      ...describeLatencies(result.latencies),
      cpuMs: Object.fromEntries(used.map(([process, cpu]) => [process, cpu / Math.max(1, result.answered)])),
    };
  }

  private async run(name: Name, ms: number, perSecond?: number): Promise<JobResult> {
    const variant = this.variants[name];
    const job: Job = {
      url: variant.url,
      authorization: await variant.authorization(),
      connections: this.connections,
      ms,
      ...(perSecond === undefined ? {} : { perSecond }),
    };
    const result = await this.load.run(job);
    const tally = this.tallies[name];
    tally.sent += result.sent;
    tally.answered += result.answered;
    for (const [what, count] of Object.entries(result.wrong)) tally.wrong[what] = (tally.wrong[what] ?? 0) + count;
    return result;
  }

  private order(round: number): readonly Name[] {
    return round % 2 === 0 ? this.names : this.names.toReversed();
  }
}
