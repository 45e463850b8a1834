import type { CardElements } from '#contracts/readers/result';
import {
  ReadFailure,
  type CardReader,
  type ReadRequest,
  type ReaderState,
  type ReadStep,
  type StandaloneCheck,
} from '../../port.js';
import type { ReadPlan } from './read-plan.js';
import type { Control, SimulatorScript } from './script.js';

/** A counter that is played from a script: for `npm start`, for training, and for every failure that is hard to have for real. */
export class Simulator implements CardReader {
  readonly adapter = 'simulator';
  private next = 0;
  private plugged = true;
  private extraFaults: ReaderState['faults'] = [];
  private standaloneAllowed = false;
  private readonly changed: (() => void)[] = [];
  private readonly checked: ((check: StandaloneCheck) => void)[] = [];
  /** Ends what the device is doing. */
  private interrupt: ((failure: ReadFailure) => void) | undefined;
  private wake: (() => void) | undefined;
  private settle = (): void => undefined;

  constructor(private script: SimulatorScript) {}

  state(): ReaderState {
    const { reader, sam } = this.script;
    const faults: ReaderState['faults'] = [...this.extraFaults];
    if (!this.plugged || reader === null) faults.unshift('NO_READER');
    else if (!sam.present) faults.unshift('NO_SAM');
    return this.plugged
      ? { reader, sam, faults }
      : { reader: null, sam: { present: false, serial: null, atr: null }, faults };
  }

  onChange(listener: () => void): void {
    this.changed.push(listener);
  }

  onStandaloneCheck(listener: (check: StandaloneCheck) => void): void {
    this.checked.push(listener);
  }

  allowStandalone(allowed: boolean): void {
    this.standaloneAllowed = allowed;
  }

  async read(request: ReadRequest): Promise<{ tries: number; elements: CardElements }> {
    const plan = this.script.reads[this.next++ % this.script.reads.length] as ReadPlan;
    const step = (name: ReadStep, tries: number) => this.play(plan, name, tries, request);
    await step('WAITING_FOR_CARD', 0);
    if (plan.card === 'none') await this.hang(request.signal, false);
    await step('CARD_FOUND', 0);
    if (plan.card === 'unknown') throw new ReadFailure('CARD_UNKNOWN');
    await step('HOLD_STILL', 0);
    const tries = await this.fingers(plan, request, step);
    await step('READING', tries);
    // a device that does not keep to its contract is played here, so its answer is not held against the type
    return { tries, elements: { ...(plan.card as CardElements), ...plan.leaks } };
  }

  /** @returns tries that failed before the match */
  private async fingers(plan: ReadPlan, request: ReadRequest, step: (name: ReadStep, tries: number) => Promise<void>) {
    for (let tries = 0; ;) {
      await step(tries === 0 ? 'PUT_FINGER' : 'TRY_FAILED', tries);
      const finger = plan.fingers[Math.min(tries, plan.fingers.length - 1)];
      if (finger === 'match') return tries;
      if (finger === 'none') await this.hang(request.signal, false);
      if (++tries >= request.mostTries) throw new ReadFailure('NOT_MATCHED', tries);
    }
  }

  private async play(
    plan: ReadPlan,
    step: ReadStep,
    tries: number,
    { signal, onProgress }: ReadRequest,
  ): Promise<void> {
    if (signal.aborted) throw new ReadFailure('CANCELLED', tries);
    onProgress(step, tries);
    if (plan.removeAt === step) throw new ReadFailure('CARD_REMOVED', tries);
    if (plan.failAt?.step === step) throw new ReadFailure(plan.failAt.outcome, tries);
    if (plan.hangAt === step) await this.hang(signal, plan.deaf ?? false);
    await this.hang(signal, false, this.script.stepMs);
  }

  /** Waits: for the time, or for ever; until the read is stopped, unless it is deaf; until the control channel interrupts. */
  private hang(signal: AbortSignal, deaf: boolean, ms?: number): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stopped = () => reject(new ReadFailure('CANCELLED'));
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      if (!deaf) signal.addEventListener('abort', stopped, { once: true });
      this.interrupt = reject;
      this.wake = resolve;
      this.settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stopped);
      };
    }).finally(() => {
      this.settle();
      this.interrupt = undefined;
      this.wake = undefined;
    });
  }

  /** What the control channel orders. */
  control(order: Control): void {
    if (order.do === 'standalone') {
      const { outcome, tries } = order;
      // a device that was told not to check does not check
      if (this.standaloneAllowed) for (const listener of this.checked) listener({ outcome, tries });
      return;
    }
    if (order.do === 'script') this.script = { ...this.script, reads: order.reads };
    if (order.do === 'script') this.next = 0;
    if (order.do === 'remove-card') this.interrupt?.(new ReadFailure('CARD_REMOVED'));
    if (order.do === 'rest') this.wake?.();
    if (order.do === 'sam') this.script = { ...this.script, sam: order.sam };
    if (order.do === 'faults') this.extraFaults = order.faults;
    if (order.do === 'plug' || order.do === 'unplug') this.plugged = order.do === 'plug';
    if (order.do === 'unplug') this.interrupt?.(new ReadFailure('READER_FAULT'));
    for (const listener of this.changed) listener();
  }

  async close(): Promise<void> {
    this.interrupt?.(new ReadFailure('CANCELLED'));
  }
}
