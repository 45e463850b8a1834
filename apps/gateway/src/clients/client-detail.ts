import { In, type EntityManager } from 'typeorm';
import type { ClientDetail } from '#contracts';
import { AppError } from '#service';
import { Client, ClientSecret, Operator } from '../access/entities.js';
import type { ActContext } from '../administration/act.js';

const soonDays = 30;

/** @throws {AppError} RESOURCE_NOT_FOUND also for one of another institution */
export async function getClient({ manager, institution }: ActContext, id: string): Promise<Client> {
  // PostgreSQL knows no text with a NUL in it
  const client = id.includes('\0') ? null : await manager.findOneBy(Client, { id, institutionId: institution.id });
  if (!client) throw new AppError('RESOURCE_NOT_FOUND');
  return client;
}

export function clientState(
  { revokedAt, expiresAt }: Pick<Client, 'revokedAt' | 'expiresAt'>,
  now: Date,
): ClientDetail['state'] {
  if (revokedAt) return 'revoked';
  return hasExpired(expiresAt, now) ? 'expired' : 'active';
}

export const hasExpired = (expiresAt: Date | null, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Secrets that count, the oldest first. */
export async function countingSecrets(manager: EntityManager, clientIds: string[], now: Date): Promise<ClientSecret[]> {
  const secrets = await manager.find(ClientSecret, {
    where: { clientId: In(clientIds) },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
  return secrets.filter(({ expiresAt }) => !hasExpired(expiresAt, now));
}

/** Reads one again, for the answer. */
export async function clientDetail(context: ActContext, id: string): Promise<ClientDetail> {
  const [detail] = await describeClients(context, await context.manager.findBy(Client, { id }));
  if (!detail) throw new Error('one client has one detail');
  return detail;
}

/** All of the institution. */
export async function listClientDetails(context: ActContext): Promise<ClientDetail[]> {
  const where = { institutionId: context.institution.id };
  return describeClients(context, await context.manager.find(Client, { where, order: { id: 'ASC' } }));
}

async function describeClients({ manager, now }: ActContext, clients: Client[]): Promise<ClientDetail[]> {
  const ids = clients.map(({ id }) => id);
  const secrets = await countingSecrets(manager, ids, now);
  const answering = clients.map(({ defaultOperatorId }) => defaultOperatorId).filter((id) => id !== null);
  const operators = await manager.findBy(Operator, { id: In(answering) });
  const localIds = new Map(operators.map(({ id, userIdLokal }) => [id, userIdLokal]));
  return clients.map((client) =>
    describeClient(
      client,
      secrets.filter(({ clientId }) => clientId === client.id),
      client.defaultOperatorId === null ? null : (localIds.get(client.defaultOperatorId) ?? null),
      now,
    ),
  );
}

function describeClient(
  client: Client,
  secrets: ClientSecret[],
  defaultOperator: string | null,
  now: Date,
): ClientDetail {
  const state = clientState(client, now);
  const { expiresAt, burstPerSecond, burstSize } = client;
  const soon = now.getTime() + soonDays * 86_400_000;
  return {
    id: client.id,
    name: client.name,
    state,
    revocationReason: client.revocationReason,
    scopes: client.scopes,
    elements: client.elements,
    purposes: client.purposes,
    networks: client.networks,
    expiresAt: expiresAt?.toISOString() ?? null,
    expiresSoon: state === 'active' && expiresAt !== null && expiresAt.getTime() <= soon,
    defaultOperator,
    burst: burstPerSecond === null || burstSize === null ? null : { perSecond: burstPerSecond, size: burstSize },
    certificateRequired: client.certificateRequired,
    secrets: secrets.map((secret) => ({
      id: secret.id,
      createdAt: secret.createdAt.toISOString(),
      expiresAt: secret.expiresAt?.toISOString() ?? null,
    })),
    keyIds: client.jwks?.keys.map(({ kid }) => kid) ?? [],
  };
}
