import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { SealingKey } from '#service/keys/sealing-key';
import { Account } from '../sessions/entities.js';
import { Passwords } from '../sessions/passwords.js';
import { totpContext } from '../sessions/second-factors.js';
import { usernameOf } from '../sessions/username.js';

/** What `--accounts <file>` of the seed command holds. All of it is secret. */
export const SeedAccounts = z.array(
  z.strictObject({
    username: z.string().min(1),
    password: z.string().min(1),
    totpSecret: z
      .string()
      .regex(/^[A-Z2-7]{32}$/, 'Base32 of 20 bytes')
      .optional(),
  }),
);
export type SeedAccount = z.infer<typeof SeedAccounts>[number];

/**
 * Passwords and second factors for accounts that are there already, so that the people of a demo can log in at once. An
 * account that has them keeps everything else as it is.
 *
 * @throws when there is no account of that name
 */
export async function seedAccounts(
  manager: EntityManager,
  sealing: SealingKey,
  accounts: readonly SeedAccount[],
): Promise<void> {
  const passwords = new Passwords();
  for (const { username, password, totpSecret } of accounts) {
    const account = await manager.findOneBy(Account, { username: usernameOf(username) });
    if (!account) throw new Error(`There is no account ${username}: none of the institutions names this person.`);
    const { operatorId } = account;
    const known = await passwords.matches(password, account.passwordHash);
    if (known && (totpSecret === undefined || (await holds(account, sealing, totpSecret)))) continue;
    const now = new Date();
    await manager.update(
      Account,
      { operatorId },
      {
        passwordHash: await passwords.hash(password),
        passwordChangedAt: now,
        activationSha256: null,
        activationExpiresAt: null,
        totpSealed: totpSecret === undefined ? null : await sealing.seal(totpSecret, totpContext(operatorId)),
        totpConfirmedAt: totpSecret === undefined ? null : now,
        totpLastStep: null,
      },
    );
  }
}

async function holds(
  { operatorId, totpSealed, totpConfirmedAt }: Account,
  sealing: SealingKey,
  totpSecret: string,
): Promise<boolean> {
  if (!totpSealed || !totpConfirmedAt) return false;
  try {
    return (await sealing.open(totpSealed, totpContext(operatorId))) === totpSecret;
  } catch {
    // sealed with a key that is gone
    return false;
  }
}
