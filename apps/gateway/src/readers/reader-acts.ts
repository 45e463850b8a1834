import { IsNull } from 'typeorm';
import { z } from 'zod';
import { NewReader, plainText, ReaderUpdate, type JoinCodeIssued, type ReaderDetail } from '#contracts';
import { AppError } from '#service';
import { conflict, defineAct, type Act, type ActContext, type Done } from '../administration/act.js';
import { makeCode, sha256OfCode } from '../sessions/human-code.js';
import { Reader, SamAssignmentRow } from './entities.js';
import { getReader, readerDetail } from './reader-detail.js';
import type { ThrowOut } from './reader-providers.js';

const readerId = z.string();
const joinCodeMs = 3_600_000;

/** @throws {AppError} STATE_CONFLICT for one that is revoked */
async function getKept(context: ActContext, id: string): Promise<Reader> {
  const reader = await getReader(context, id);
  if (reader.revokedAt) throw conflict('Alat baca ini sudah dicabut. Daftarkan lagi bila masih dipakai.', 'readerId');
  return reader;
}

export const registerReader = defineAct({
  name: 'reader.register',
  input: NewReader.omit({ reason: true }),
  async perform(settings, context): Promise<Done<ReaderDetail>> {
    const { manager, institution, now } = context;
    if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mempunyai alat baca.');
    const same = { institutionId: institution.id, serial: settings.serial, revokedAt: IsNull() };
    if (await manager.existsBy(Reader, same)) {
      const message = 'Alat baca dengan nomor seri ini sudah terdaftar.';
      throw new AppError('ALREADY_EXISTS', { issues: [{ path: 'serial', message }] });
    }
    const { identifiers } = await manager.insert(Reader, {
      institutionId: institution.id,
      ...settings,
      registeredAt: now,
    });
    const { id } = identifiers[0] as { id: string };
    return { subject: { type: 'reader', id }, before: null, after: settings, result: await readerDetail(context, id) };
  },
});

export const updateReader = defineAct({
  name: 'reader.update',
  input: ReaderUpdate.omit({ reason: true }).extend({ readerId }),
  async perform({ readerId: id, ...named }, context) {
    const was = await getKept(context, id);
    const changes = Object.entries(named).filter(
      ([name, value]) => value !== undefined && was[name as 'type'] !== value,
    );
    const after = Object.fromEntries(changes);
    if (changes.length > 0) await context.manager.update(Reader, { id }, after);
    const before = Object.fromEntries(changes.map(([name]) => [name, was[name as 'type']]));
    return { subject: { type: 'reader', id }, before, after, result: await readerDetail(context, id) };
  },
});

const withoutAgent = {
  agentPublicKey: null,
  agentJoinedAt: null,
  joinCodeSha256: null,
  joinCodeExpiresAt: null,
  status: null,
  seenAt: null,
};

/** Its agent is thrown out after the commit; should that fail, the agent gets no permit, and goes at its next report. */
export const makeRevokeReader = (throwOut: ThrowOut): Act<{ readerId: string; why: string }, ReaderDetail> =>
  defineAct({
    name: 'reader.revoke',
    input: z.strictObject({ readerId, why: plainText(500) }),
    async perform({ readerId: id, why }, context) {
      const { manager, now } = context;
      await getKept(context, id);
      // the key stays on file until somebody removes the agent: it is known as a revoked one
      await manager.update(Reader, { id }, { revokedAt: now, revocationReason: why, joinCodeSha256: null });
      await manager.update(SamAssignmentRow, { readerId: id, endedAt: IsNull() }, { endedAt: now });
      return {
        subject: { type: 'reader', id },
        before: { revokedAt: null },
        after: { revokedAt: now.toISOString(), revocationReason: why },
        result: await readerDetail(context, id),
        afterCommit: () => throwOut(id),
      };
    },
  });

export const issueJoinCode = defineAct({
  name: 'reader.issue-join-code',
  input: z.strictObject({ readerId }),
  async perform({ readerId: id }, context): Promise<Done<JoinCodeIssued>> {
    const { manager, now } = context;
    await getKept(context, id);
    const joinCode = makeCode();
    const joinCodeExpiresAt = new Date(now.getTime() + joinCodeMs);
    await manager.update(Reader, { id }, { joinCodeSha256: sha256OfCode(joinCode), joinCodeExpiresAt });
    const expiresAt = joinCodeExpiresAt.toISOString();
    return {
      subject: { type: 'reader', id },
      before: null,
      after: { expiresAt },
      result: { reader: await readerDetail(context, id), joinCode, expiresAt },
    };
  },
});

export const makeRemoveAgent = (throwOut: ThrowOut): Act<{ readerId: string }, ReaderDetail> =>
  defineAct({
    name: 'reader.remove-agent',
    input: z.strictObject({ readerId }),
    async perform({ readerId: id }, context) {
      const reader = await getReader(context, id);
      if (reader.agentPublicKey === null && reader.joinCodeSha256 === null)
        throw conflict('Alat baca ini tidak mempunyai agen.', 'readerId');
      await context.manager.update(Reader, { id }, withoutAgent);
      return {
        subject: { type: 'reader', id },
        before: { joinedAt: reader.agentJoinedAt?.toISOString() ?? null },
        after: { joinedAt: null },
        result: await readerDetail(context, id),
        afterCommit: () => throwOut(id),
      };
    },
  });
