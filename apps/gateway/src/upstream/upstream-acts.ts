import { z } from 'zod';
import {
  configureInstitution,
  describeUpstream,
  rearmUpstream,
  rotateSealingKey,
  testUpstream,
  UpstreamAccess,
  type UpstreamSummary,
  type UpstreamTest,
} from '#contracts';
import { AppError, toAppError, type RpcClient } from '#service';
import { conflict, defineAct, type ActContext, type Done } from '../administration/act.js';
import { listAgreementFiles, presentAgreement, stateOf } from '../agreements/agreement-detail.js';

type Bus = Pick<RpcClient, 'call'>;

const deadlineMs = 8_000;

/**
 * What is done in the look-up service: it cannot be taken back with this transaction, so an attempt that failed, or of which
 * nobody knows, is on record too, and the failure is told after the commit.
 */
async function attempt<R>(
  { institution }: ActContext,
  work: () => Promise<R>,
  after: (result: R) => Record<string, unknown>,
): Promise<Done<R>> {
  const subject = { type: 'upstream', id: institution.id };
  try {
    const result = await work();
    return { subject, before: null, after: after(result), result };
  } catch (error) {
    return { subject, before: null, after: null, result: undefined as R, failure: toAppError(error) };
  }
}

export const readUpstream = (bus: Bus, institutionId: string): Promise<UpstreamSummary> =>
  bus.call(describeUpstream, { institutionId }, { deadlineMs });

/** The ministry's access right (O-16): it goes to the look-up service, is sealed there, and is nowhere in this record. */
export const makeUpstreamActs = (bus: Bus) => ({
  configure: defineAct({
    name: 'upstream.configure',
    input: z.strictObject({ access: UpstreamAccess }),
    async perform({ access }, context: ActContext): Promise<Done<UpstreamSummary>> {
      const { manager, institution, today, actor } = context;
      if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mempunyai akses ke layanan Dukcapil.');
      const present = presentAgreement(await listAgreementFiles(manager, institution.id), today);
      if (!present) throw new AppError('AGREEMENT_MISSING');
      const { state } = stateOf(present, today);
      // a file that brings an office in may name what belonged to an agreement that is over
      const over = state === 'closing' || state === 'ended';
      if (state === 'closed' || (over && actor.kind === 'person')) throw new AppError('AGREEMENT_CLOSED');
      const ids = { institutionId: institution.id, agreementId: present.agreement.id };
      return attempt(
        context,
        async () => {
          await bus.call(configureInstitution, { ...ids, quota: [], upstream: access }, { deadlineMs });
          return readUpstream(bus, institution.id);
        },
        ({ keyId }) => ({ agreementId: ids.agreementId, keyId }),
      );
    },
  }),
  test: defineAct({
    name: 'upstream.test',
    input: z.strictObject({}),
    perform: (_input, context: ActContext): Promise<Done<UpstreamTest>> =>
      attempt(
        context,
        () => bus.call(testUpstream, { institutionId: context.institution.id }, { deadlineMs }),
        ({ reachable, tls, fault }) => ({ reachable, tls, fault }),
      ),
  }),
  rearm: defineAct({
    name: 'upstream.rearm',
    input: z.strictObject({}),
    perform: (_input, context: ActContext): Promise<Done<UpstreamSummary>> =>
      attempt(
        context,
        async () => {
          await bus.call(rearmUpstream, { institutionId: context.institution.id }, { deadlineMs });
          return readUpstream(bus, context.institution.id);
        },
        ({ upstream }) => ({ state: upstream.state }),
      ),
  }),
  rotateKey: defineAct({
    name: 'upstream.rotate-key',
    input: z.strictObject({}),
    perform: (_input, context: ActContext): Promise<Done<{ keyId: string; destroyedKeyIds: string[] }>> =>
      attempt(
        context,
        () => bus.call(rotateSealingKey, { institutionId: context.institution.id }, { deadlineMs }),
        (result) => result,
      ),
  }),
});
