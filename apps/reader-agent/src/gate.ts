import { AppError } from '#service/app-error';
import type { readerFaults } from '#contracts/readers/agent';
import type { ReaderPermit } from '#contracts/readers/permit';
import type { Clock } from './clock.js';
import type { PermitVerifier } from './permit.js';
import type { CardReader } from './port.js';

export type ReaderFault = (typeof readerFaults)[number];

/** These need a person's hand; without the vendor's SDK a card can still be tried, and a wrong clock is corrected. */
const harmless: readonly ReaderFault[] = ['NO_VENDOR_SDK', 'CLOCK_SKEW', 'PERMIT_EXPIRED'];
const mostSkewMs = 120_000;

interface Held {
  permit: string;
  claims: ReaderPermit;
}

/** Whether this reader may be used now: its device in order, its SAM the registered one, a permit that is valid (O-12, O-13). */
export class Gate {
  private held: Held | undefined;

  constructor(
    private readonly reader: CardReader,
    private readonly verifier: PermitVerifier,
    private readonly clock: Clock,
  ) {}

  /** What a report was answered: a permit, or none any more. */
  async take(permit: string | null): Promise<void> {
    const claims = permit === null ? undefined : await this.verifier.verify(permit);
    this.held = permit !== null && claims ? { permit, claims } : undefined;
  }

  /** The permit that is held, as long as it lasts: so an agent that is cut off stops by itself. */
  current(): Held | undefined {
    return this.held && this.clock.now() < this.held.claims.exp * 1000 ? this.held : undefined;
  }

  /** Checks made offline count only under a permit, and with its SAM. */
  standalonePermit(): string | undefined {
    const held = this.current();
    return held && this.hindrances(held.claims).length === 0 ? held.permit : undefined;
  }

  /**
   * @throws {AppError} PERMIT_INVALID, READER_NOT_READY
   */
  async admit(permit: string): Promise<ReaderPermit> {
    const claims = await this.verifier.verify(permit);
    if (!claims) throw new AppError('PERMIT_INVALID');
    if (this.hindrances(claims).length > 0) throw new AppError('READER_NOT_READY');
    return claims;
  }

  /** Everything that is wrong, for reports and the self-test. */
  faults(): ReaderFault[] {
    const held = this.current();
    return [
      ...this.reader.state().faults,
      ...(held && !this.samFits(held.claims) ? (['SAM_MISMATCH'] as const) : []),
      ...(held ? [] : (['PERMIT_EXPIRED'] as const)),
      ...(Math.abs(this.clock.skewMs()) > mostSkewMs ? (['CLOCK_SKEW'] as const) : []),
    ].filter((fault, index, all) => all.indexOf(fault) === index);
  }

  /** What stands against a read under these claims. */
  hindrances(claims: ReaderPermit): ReaderFault[] {
    const faults = this.reader.state().faults.filter((fault) => !harmless.includes(fault));
    return this.samFits(claims) ? faults : [...faults, 'SAM_MISMATCH'];
  }

  /** A SAM whose serial number nobody knows is not the registered one. */
  private samFits(claims: ReaderPermit): boolean {
    const { sam } = this.reader.state();
    return !sam.present || sam.serial === claims.samSerial;
  }
}
