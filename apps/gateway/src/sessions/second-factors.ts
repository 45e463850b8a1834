import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SecondFactor } from '#contracts';
import { SealingKey } from '#service/keys/sealing-key';
import { Account, RecoveryCode } from './entities.js';
import { makeCode, sha256OfCode } from './human-code.js';
import { makeTotpSecret } from './totp.js';

const recoveryCodes = 10;

/** What a sealed TOTP secret belongs to, so that nobody's can be put in another's place. */
export const totpContext = (operatorId: string): string => `totp:${operatorId}`;

/** Makes second factors and recovery codes, and takes them away. All of them are shown once. */
@Injectable()
export class SecondFactors {
  constructor(private readonly sealing: SealingKey) {}

  /** Replaces whatever there was. It counts from the first log-in with a code on; for camat, admin and evaluator at once. */
  async renew(manager: EntityManager, operatorId: string, username: string): Promise<SecondFactor> {
    const { secret, uri } = makeTotpSecret(username);
    const totpSealed = await this.sealing.seal(secret, totpContext(operatorId));
    await manager.update(Account, { operatorId }, { totpSealed, totpConfirmedAt: null, totpLastStep: null });
    return { secret, uri, recoveryCodes: await this.renewRecoveryCodes(manager, operatorId) };
  }

  /** Those before count no more. */
  async renewRecoveryCodes(manager: EntityManager, operatorId: string): Promise<string[]> {
    await manager.delete(RecoveryCode, { operatorId });
    const codes = Array.from({ length: recoveryCodes }, () => makeCode().toLowerCase());
    await manager.insert(
      RecoveryCode,
      codes.map((code) => ({ operatorId, codeSha256: sha256OfCode(code) })),
    );
    return codes;
  }

  async remove(manager: EntityManager, operatorId: string): Promise<void> {
    await manager.update(Account, { operatorId }, { totpSealed: null, totpConfirmedAt: null, totpLastStep: null });
    await manager.delete(RecoveryCode, { operatorId });
  }
}
