import { expect } from '@jest/globals';
import { errors, type ErrorCode } from '#contracts';

const boundMs = 1_000;

interface Asked {
  status: number;
  body: object;
}

/**
 * Asks everywhere again and again until well beyond the bound: every request that began a second after this call must be
 * refused (O-19), and what has been refused once stays refused.
 */
export async function refusedWithinASecond(ask: readonly (() => Promise<Asked>)[], code: ErrorCode): Promise<void> {
  const began = performance.now();
  await Promise.all(ask.map((one) => refusedOnce(one, code, began)));
}

async function refusedOnce(ask: () => Promise<Asked>, code: ErrorCode, began: number): Promise<void> {
  let refused = false;
  let asked: number;
  do {
    asked = performance.now() - began;
    const { status, body } = await ask();
    if (status === 200) {
      expect({ refused, asked }).toEqual({ refused: false, asked: expect.any(Number) });
      expect(asked).toBeLessThan(boundMs);
    } else {
      expect({ status, body }).toMatchObject({ status: errors[code].status, body: { code } });
      refused = true;
    }
  } while (asked < 1.3 * boundMs || !refused);
}
