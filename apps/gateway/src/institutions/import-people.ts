import type { InstitutionFile } from '#contracts';
import { Client, ClientSecret, Operator } from '../access/entities.js';
import { record } from '../administration/admin-record.js';
import { updateClient } from '../clients/client-acts.js';
import { createClientRow, makeSecret } from '../clients/client-row.js';
import { findNda, isGone } from '../operators/operator-detail.js';
import { makeOperatorActs, recordNda, updateOperator } from '../operators/operator-acts.js';
import type { SealingKey } from '#service/keys/sealing-key';
import type { ImportSteps } from './import-steps.js';

type OperatorEntry = InstitutionFile['operators'][number];
type ClientEntry = InstitutionFile['clients'][number];

export async function importOperators(steps: ImportSteps, file: InstitutionFile, sealing: SealingKey): Promise<void> {
  const { createOperator } = makeOperatorActs(sealing);
  const { manager, institution } = steps.context;
  for (const [index, operator] of file.operators.entries())
    await steps.attempt(`file.operators.${index}`, async () => {
      const { userIdLokal } = operator;
      const found = await manager.findOneBy(Operator, { institutionId: institution.id, userIdLokal });
      if (found) return updateExisting(steps, `file.operators.${index}`, found, operator);
      await steps.perform(createOperator, { operator });
      steps.changed(`petugas ${userIdLokal}`);
    });
}

async function updateExisting(steps: ImportSteps, path: string, found: Operator, wanted: OperatorEntry): Promise<void> {
  const { userIdLokal, role, nda, nik: _, username: __, activeFrom: ___, ...details } = wanted;
  if (role !== found.role) {
    steps.fault(
      `${path}.role`,
      `Petugas ini tercatat sebagai ${found.role}. Peran hanya berganti dengan penugasan baru.`,
    );
    return;
  }
  // whoever has left or was revoked is not brought back by a file
  if (isGone(found, steps.context.today)) return;
  const { after } = await steps.perform(updateOperator, { operatorId: found.id, ...details });
  if (Object.keys(after ?? {}).length > 0) steps.changed(`data petugas ${userIdLokal}`);
  const known = await findNda(steps.context.manager, found);
  if (nda && (known?.number !== nda.number || known.documentSha256 !== nda.documentSha256)) {
    await steps.perform(recordNda, { operatorId: found.id, nda });
    steps.changed(`NDA petugas ${userIdLokal}`);
  }
}

export async function importClients(steps: ImportSteps, file: InstitutionFile): Promise<void> {
  const { manager, institution } = steps.context;
  for (const [index, client] of file.clients.entries())
    await steps.attempt(`file.clients.${index}`, async () => {
      const found = await manager.findOneBy(Client, { id: client.id, institutionId: institution.id });
      if (found) await updateExistingClient(steps, found, client);
      else await createClient(steps, client);
    });
}

async function createClient(steps: ImportSteps, { secretSha256, ...settings }: ClientEntry): Promise<void> {
  const { manager, institution, actor } = steps.context;
  const made = secretSha256 === undefined && !settings.jwks ? makeSecret() : undefined;
  await createClientRow(steps.context, settings, secretSha256 ?? made?.secretSha256);
  await record(manager, {
    institutionId: institution.id,
    act: 'client.create',
    subject: { type: 'client', id: settings.id },
    actor,
    after: settings,
    reason: 'institution.import',
  });
  if (made) steps.secrets.push({ clientId: settings.id, secret: made.secret });
  steps.changed(`aplikasi ${settings.id}`);
}

async function updateExistingClient(steps: ImportSteps, found: Client, entry: ClientEntry): Promise<void> {
  const { id: clientId, secretSha256, jwks: _, expiresAt, ...settings } = entry;
  const { manager, actor, now } = steps.context;
  const later = expiresAt !== undefined && found.expiresAt?.getTime() !== Date.parse(expiresAt) ? { expiresAt } : {};
  const { after } = await steps.perform(updateClient, { clientId, ...settings, ...later });
  if (Object.keys(after ?? {}).length > 0) steps.changed(`pengaturan aplikasi ${clientId}`);
  // a person rotates a secret by an act of its own
  if (secretSha256 === undefined || actor.kind === 'person') return;
  if (!(await manager.existsBy(ClientSecret, { clientId, secretSha256 })))
    await manager.insert(ClientSecret, { clientId, secretSha256, createdAt: now });
}
