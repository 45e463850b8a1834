import { z } from 'zod';
import { ClientKeys, SecretRotation, type ClientCredential } from '#contracts';
import { Client, ClientSecret } from '../access/entities.js';
import { conflict, defineAct, refuseInvalid, type ActContext } from '../administration/act.js';
import { clientDetail, countingSecrets, getClient } from './client-detail.js';
import { faultsOfKeys, makeSecret } from './client-row.js';

const clientId = z.string();

/** Secrets of one client that count at the same time. */
const mostSecrets = 5;

/** While the office changes over, the secrets before still count for the overlap. */
export const rotateClientSecret = defineAct({
  name: 'client.rotate-secret',
  input: SecretRotation.omit({ reason: true }).extend({ clientId }),
  async perform({ clientId: id, overlapHours }, context) {
    const { manager, now } = context;
    await getClient(context, id);
    const before = await countingSecrets(manager, [id], now);
    const until = new Date(now.getTime() + overlapHours * 3_600_000);
    const tooMany = before.length - (mostSecrets - 1);
    for (const [index, { id: secretId, expiresAt }] of before.entries()) {
      const end = index < tooMany ? now : until;
      if (expiresAt === null || expiresAt > end)
        await manager.update(ClientSecret, { id: secretId }, { expiresAt: end });
    }
    const { secret, secretSha256 } = makeSecret();
    await manager.insert(ClientSecret, { clientId: id, secretSha256, createdAt: now });
    const client = await clientDetail(context, id);
    const result: ClientCredential = { client, secret };
    return {
      subject: { type: 'client', id },
      before: { secretIds: before.map((one) => one.id) },
      after: { secretIds: client.secrets.map((one) => one.id), overlapHours },
      result,
    };
  },
});

export const setClientKeys = defineAct({
  name: 'client.set-keys',
  input: ClientKeys.omit({ reason: true }).extend({ clientId }),
  async perform({ clientId: id, jwks, endSecrets }, context) {
    const { manager, now } = context;
    const before = await getClient(context, id);
    refuseInvalid([...faultsOfKeys(jwks), ...(endSecrets && jwks === null ? [secretsNeeded] : [])]);
    const secrets = await countingSecrets(manager, [id], now);
    if (jwks === null && secrets.length === 0)
      throw conflict('Aplikasi ini tidak mempunyai secret. Buat secret baru dulu, baru hapus kuncinya.', 'jwks');
    await manager.update(Client, { id }, { jwks: jwks });
    if (endSecrets) await endAll(context, secrets);
    const result = await clientDetail(context, id);
    return {
      subject: { type: 'client', id },
      before: { keyIds: before.jwks?.keys.map(({ kid }) => kid) ?? [], secretIds: secrets.map((one) => one.id) },
      after: { keyIds: result.keyIds, secretIds: result.secrets.map((one) => one.id) },
      result,
    };
  },
});

const secretsNeeded = {
  path: 'endSecrets',
  message: 'Tanpa kunci, aplikasi masih memerlukan secret. Kirim kunci atau biarkan secret berlaku.',
};

async function endAll({ manager, now }: ActContext, secrets: ClientSecret[]): Promise<void> {
  for (const { id } of secrets) await manager.update(ClientSecret, { id }, { expiresAt: now });
}
