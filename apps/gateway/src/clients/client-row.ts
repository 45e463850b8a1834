import { createHash, randomBytes } from 'node:crypto';
import type { ClientUpdate, JwkSetInput, NewClient } from '#contracts';
import { AppError } from '#service';
import { faultOfNetwork } from '../access/closed-network.js';
import { Client, ClientSecret, Operator } from '../access/entities.js';
import { conflict, refuseInvalid, type ActContext, type Issue } from '../administration/act.js';

export type ClientRecord = Omit<NewClient, 'reason'>;

/** 256 random bits; shown once, only the SHA-256 is kept. */
export function makeSecret(): { secret: string; secretSha256: string } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, secretSha256: createHash('sha256').update(secret).digest('hex') };
}

/**
 * Writes an application after every check, with the secret that it is to have.
 *
 * @param secretSha256 hex; left out for one that signs with its own keys
 * @param path where the record stands in the request, for the issues
 * @throws {AppError} REQUEST_INVALID with all issues, ALREADY_EXISTS, STATE_CONFLICT
 */
export async function createClientRow(
  context: ActContext,
  record: ClientRecord,
  secretSha256?: string,
  path = '',
): Promise<void> {
  const { manager, institution, now } = context;
  if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mempunyai aplikasi.', path);
  const { faults, defaultOperatorId } = await checkSettings(context, record);
  faults.push(...faultsOfKeys(record.jwks ?? null));
  if (record.id.toLowerCase() === 'portal')
    faults.push({ path: 'id', message: 'ID "portal" dipakai sistem. Pilih ID lain.' });
  refuseInvalid(faults.map((fault) => ({ ...fault, path: at(path, fault.path) })));
  if (await manager.existsBy(Client, { id: record.id })) {
    const message = 'ID aplikasi ini sudah dipakai. Pilih ID lain.';
    throw new AppError('ALREADY_EXISTS', { issues: [{ path: at(path, 'id'), message }] });
  }
  await manager.insert(Client, {
    id: record.id,
    institutionId: institution.id,
    name: record.name,
    scopes: record.scopes,
    elements: record.elements ?? null,
    purposes: record.purposes ?? null,
    networks: record.networks ?? null,
    expiresAt: record.expiresAt === undefined ? null : new Date(record.expiresAt),
    defaultOperatorId: defaultOperatorId ?? null,
    burstPerSecond: record.burst?.perSecond ?? null,
    burstSize: record.burst?.size ?? null,
    jwks: (record.jwks ?? null) as never,
    certificateRequired: record.certificateRequired ?? false,
  });
  if (secretSha256 !== undefined)
    await manager.insert(ClientSecret, { clientId: record.id, secretSha256, createdAt: now });
}

const at = (path: string, field: string) => (path === '' ? field : `${path}.${field}`);

/**
 * What is wrong with the settings that are named, all of it at once.
 *
 * @returns also the id of the default operator: undefined when none is named, null when it is taken away
 */
export async function checkSettings(
  { manager, institution, now, actor }: ActContext,
  { networks, expiresAt, defaultOperator }: Pick<ClientUpdate, 'networks' | 'expiresAt' | 'defaultOperator'>,
): Promise<{ faults: Issue[]; defaultOperatorId: string | null | undefined }> {
  const faults = (networks ?? []).flatMap((network, index) => {
    const message = faultOfNetwork(network);
    return message === undefined ? [] : [{ path: `networks.${index}`, message }];
  });
  // a file that brings an office in may name one that has run out
  if (actor.kind === 'person') faults.push(...faultsOfExpiry(expiresAt, now));
  if (defaultOperator === undefined || defaultOperator === null) return { faults, defaultOperatorId: defaultOperator };
  const operator = await manager.findOneBy(Operator, { institutionId: institution.id, userIdLokal: defaultOperator });
  if (!operator)
    faults.push({
      path: 'defaultOperator',
      message: 'Tidak ada orang dengan User ID lokal ini di instansi ini. Daftarkan dulu atau pilih yang lain.',
    });
  return { faults, defaultOperatorId: operator?.id };
}

export function faultsOfExpiry(expiresAt: string | null | undefined, now: Date): Issue[] {
  if (expiresAt === undefined || expiresAt === null || new Date(expiresAt) > now) return [];
  return [{ path: 'expiresAt', message: 'Masa berlaku sudah lewat. Tulis waktu yang akan datang.' }];
}

/** A key is looked for by its `kid`: two of the same name would make one of them useless. */
export function faultsOfKeys(jwks: JwkSetInput | null): Issue[] {
  const kids = jwks?.keys.map(({ kid }) => kid) ?? [];
  return kids.flatMap((kid, index) =>
    kids.indexOf(kid) === index
      ? []
      : [{ path: `jwks.keys.${index}.kid`, message: 'kid ini sudah dipakai kunci lain. Beri tiap kunci kid sendiri.' }],
  );
}
