import CircuitBreaker from 'opossum';
import type { MinistryAnswer } from './ministry-answer.js';
import type { FaultMeaning } from './ministry-codes.js';

class CallFailed extends Error {
  constructor(readonly fault: FaultMeaning) {
    super(fault.code);
  }
}

/**
 * One replica's view of the way to the ministry: it opens when half of the calls of the last ten seconds failed. Answers
 * about a person never count as failures. The gate in the database is what all replicas obey; this one trips it.
 */
export class Breaker {
  private readonly circuit = new CircuitBreaker(
    async (call: () => Promise<MinistryAnswer>) => {
      const answer = await call();
      if (answer.kind === 'fault' && answer.effect === 'failure') throw new CallFailed(answer);
      return answer;
    },
    {
      timeout: false,
      errorThresholdPercentage: 50,
      volumeThreshold: 10,
      rollingCountTimeout: 10_000,
      resetTimeout: 3_600_000,
    },
  );

  /** The ledger admitted this call, so the gate is open or this is the one trial: an older local view does not stop it. */
  async fire(call: () => Promise<MinistryAnswer>): Promise<MinistryAnswer> {
    if (!this.circuit.closed) this.circuit.close();
    try {
      return await this.circuit.fire(call);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      return this.circuit.opened ? { ...error.fault, effect: 'trip' } : error.fault;
    }
  }

  close(): void {
    this.circuit.shutdown();
  }
}
