import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  ClientReactivation,
  ClientUpdate,
  NewClient,
  plainText,
  type ClientCredential,
  type ClientDetail,
  type Role,
} from '#contracts';
import { Client } from '../access/entities.js';
import { conflict, defineAct, refuseInvalid } from '../administration/act.js';
import { clientDetail, clientState, getClient, hasExpired } from './client-detail.js';
import { checkSettings, createClientRow, faultsOfExpiry, makeSecret } from './client-row.js';

export { rotateClientSecret, setClientKeys } from './credential-acts.js';
export { createClientRow } from './client-row.js';

const clientId = z.string();

export const createClient = defineAct({
  name: 'client.create',
  input: NewClient.omit({ reason: true }),
  async perform(record, context) {
    const made = record.jwks ? undefined : makeSecret();
    await createClientRow(context, record, made?.secretSha256);
    const client = await clientDetail(context, record.id);
    const { jwks: _, ...settings } = record;
    const result: ClientCredential = { client, secret: made?.secret ?? null };
    return {
      subject: { type: 'client', id: record.id },
      before: null,
      after: { ...settings, keyIds: client.keyIds, secretIds: client.secrets.map(({ id }) => id) },
      result,
    };
  },
});

export const updateClient = defineAct({
  name: 'client.update',
  input: ClientUpdate.omit({ reason: true }).extend({ clientId }),
  async perform({ clientId: id, ...named }, context) {
    const { manager, now } = context;
    const client = await getClient(context, id);
    const { faults, defaultOperatorId } = await checkSettings(context, named);
    refuseInvalid(faults);
    // to give access back takes two people: a later expiry must not do it
    if (named.expiresAt !== undefined && hasExpired(client.expiresAt, now))
      throw conflict('Masa berlaku aplikasi ini sudah habis. Ajukan pengaktifan kembali.', 'expiresAt');
    const was = await clientDetail(context, id);
    const { burst, expiresAt } = named;
    const columns = {
      name: named.name,
      scopes: named.scopes,
      elements: named.elements,
      purposes: named.purposes,
      networks: named.networks,
      certificateRequired: named.certificateRequired,
      defaultOperatorId,
      expiresAt: typeof expiresAt === 'string' ? new Date(expiresAt) : expiresAt,
      ...(burst === undefined ? {} : { burstPerSecond: burst?.perSecond ?? null, burstSize: burst?.size ?? null }),
    };
    const changes = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
    if (Object.keys(changes).length > 0) await manager.update(Client, { id }, changes);
    const result = await clientDetail(context, id);
    return { subject: { type: 'client', id }, ...changesBetween(was, result, Object.keys(named)), result };
  },
});

/** The named fields that differ, as they were and as they are. */
function changesBetween(was: ClientDetail, is: ClientDetail, names: string[]) {
  const [old, fresh] = [was as Record<string, unknown>, is as Record<string, unknown>];
  const changed = names.filter((name) => !isDeepStrictEqual(old[name], fresh[name]));
  const pick = (from: Record<string, unknown>) => Object.fromEntries(changed.map((name) => [name, from[name]]));
  return { before: pick(old), after: pick(fresh) };
}

export const revokeClient = defineAct({
  name: 'client.revoke',
  // the reason goes with the row as well: it is shown where the application is shown
  input: z.strictObject({ clientId, why: plainText(500) }),
  async perform({ clientId: id, why }, context) {
    const { manager, now } = context;
    const client = await getClient(context, id);
    if (client.revokedAt) throw conflict('Akses aplikasi ini sudah dicabut.', 'clientId');
    await manager.update(Client, { id }, { revokedAt: now, revocationReason: why });
    return {
      subject: { type: 'client', id },
      before: { revokedAt: null },
      after: { revokedAt: now.toISOString(), revocationReason: why },
      result: await clientDetail(context, id),
    };
  },
});

export const reactivateClient = defineAct({
  name: 'client.reactivate',
  input: ClientReactivation.omit({ reason: true }).extend({ clientId }),
  async approvers(): Promise<Role[]> {
    return ['camat', 'evaluator'];
  },
  async perform({ clientId: id, expiresAt: wanted }, context) {
    const { manager, now } = context;
    const client = await getClient(context, id);
    const state = clientState(client, now);
    if (state === 'active')
      throw conflict('Aplikasi ini masih aktif. Ubah datanya tanpa pengaktifan kembali.', 'clientId');
    refuseInvalid(faultsOfExpiry(wanted, now));
    const kept = hasExpired(client.expiresAt, now) ? null : client.expiresAt;
    const expiresAt = wanted === undefined ? kept : new Date(wanted);
    await manager.update(Client, { id }, { revokedAt: null, revocationReason: null, expiresAt });
    return {
      subject: { type: 'client', id },
      before: {
        state,
        revocationReason: client.revocationReason,
        expiresAt: client.expiresAt?.toISOString() ?? null,
      },
      after: { state: 'active', expiresAt: expiresAt?.toISOString() ?? null },
      result: await clientDetail(context, id),
    };
  },
});
