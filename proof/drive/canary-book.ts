import { CanaryMaker, type Canary, type Secret } from '../canaries/canary.js';
import type { Sandbox } from './sandbox.js';

/** The canaries of a run, each named after the path that it goes through; the same name is the same canary. */
export class CanaryBook {
  private readonly maker = new CanaryMaker();
  private readonly made = new Map<string, Canary>();
  private readonly numbers = new Map<string, Secret>();
  /** Whom the sandbox knows. */
  private readonly known = new Set<string>();

  constructor(private readonly sandbox: Sandbox) {}

  /** Somebody whom the register answers for. */
  async of(label: string, outcome = 'FOUND'): Promise<Canary> {
    const canary = this.stranger(label);
    if (!this.known.has(label)) await this.sandbox.bringIn(canary, outcome);
    this.known.add(label);
    return canary;
  }

  /** Somebody whom the register does not know. */
  stranger(label: string): Canary {
    const canary = this.made.get(label) ?? this.maker.make(label);
    this.made.set(label, canary);
    return canary;
  }

  /** A NIK alone: for a place in which none belongs. */
  nik(label: string, change: (nik: string) => string = (nik) => nik): string {
    const known = this.numbers.get(label);
    if (known) return known.value;
    const value = change(this.maker.make(label).nik);
    this.numbers.set(label, { canary: label, element: 'nik', kind: 'digits', value });
    return value;
  }

  /** After a restart of the sandbox it knows nobody. */
  forgetRegister(): void {
    this.known.clear();
  }

  get count(): number {
    return this.made.size + this.numbers.size;
  }

  get secrets(): Secret[] {
    return [...[...this.made.values()].flatMap(({ secrets }) => secrets), ...this.numbers.values()];
  }
}
