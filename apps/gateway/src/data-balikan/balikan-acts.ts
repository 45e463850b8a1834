import { Encrypter } from 'age-encryption';
import { z } from 'zod';
import {
  type BalikanDestination,
  changeDelivery,
  configureDestination,
  describeDestination,
  GivenBalikanDestination,
  retryBalikan,
  type BalikanDelivery,
  type BalikanDestinationSummary,
  type BalikanRetried,
} from '#contracts';
import { AppError, toAppError, type RpcClient } from '#service';
import { conflict, defineAct, refuseInvalid, type ActContext, type Done } from '../administration/act.js';
import { listAgreementFiles, presentAgreement, stateOf, type AgreementFile } from '../agreements/agreement-detail.js';
import { versionOn } from '../agreements/agreement-state.js';

type Bus = Pick<RpcClient, 'call'>;

const deadlineMs = 8_000;
/** All dead records of an institution wait again. */
const retryDeadlineMs = 20_000;

/** It cannot be taken back with this transaction: what failed, or is not known, is on record too, and told after the commit. */
async function attempt<R>(
  { institution }: ActContext,
  work: () => Promise<R>,
  after: (result: R) => Record<string, unknown>,
  before: () => Promise<Record<string, unknown> | null> = async () => null,
): Promise<Done<R>> {
  if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mengirim data balikan.');
  const subject = { type: 'data-balikan', id: institution.id };
  let was = null;
  try {
    was = await before();
    const result = await work();
    return { subject, before: was, after: after(result), result };
  } catch (error) {
    return { subject, before: was, after: null, result: undefined as R, failure: toAppError(error) };
  }
}

export const readDestination = (bus: Bus, institutionId: string): Promise<BalikanDestinationSummary> =>
  bus.call(describeDestination, { institutionId }, { deadlineMs });

const idOfActor = ({ actor }: ActContext): string | null => (actor.kind === 'person' ? actor.operatorId : null);

const makeSwitch = (bus: Bus, sending: boolean) =>
  defineAct({
    name: sending ? 'data-balikan.resume' : 'data-balikan.pause',
    input: z.strictObject({ reason: z.string() }),
    perform: ({ reason }, context: ActContext): Promise<Done<BalikanDelivery>> =>
      attempt(
        context,
        () => {
          const input = { institutionId: context.institution.id, sending, reason, by: idOfActor(context) };
          return bus.call(changeDelivery, input, { deadlineMs });
        },
        ({ state, waiting }) => ({ state, waiting }),
      ),
  });

/** A slip in a key is found by its checksum now, and not when nobody can open the medium. */
function refuseMistypedKeys({ mediaRecipients }: Pick<BalikanDestination, 'mediaRecipients'>): void {
  refuseInvalid(
    mediaRecipients.flatMap((key, at) => {
      try {
        new Encrypter().addRecipient(key);
        return [];
      } catch {
        const message =
          'Kunci publik age ini salah salin. Minta lagi kepada Disdukcapil dan salin seluruhnya (age1...).';
        return [{ path: `destination.mediaRecipients.${at}`, message }];
      }
    }),
  );
}

/** Without their own words, they go where the agreement says (O-23). */
const recipientOf = ({ versions }: AgreementFile, today: string): BalikanDestination['recipient'] =>
  versionOn(versions, today)?.dataBalikanRecipient ?? 'DISDUKCAPIL';

const told = (agreementId: string | null, { recipient, webService, mediaRecipients }: BalikanDestinationSummary) => ({
  agreementId,
  recipient,
  webService,
  mediaRecipients: mediaRecipients.length,
});

/** Where data balikan go (O-08, O-23), and whether they go at all; address and token are nowhere in this record (O-16). */
export const makeBalikanActs = (bus: Bus) => ({
  configure: defineAct({
    name: 'data-balikan.configure',
    // a file that is imported leaves the web service out where an admin says null
    input: z.strictObject({ destination: GivenBalikanDestination.partial({ service: true }) }),
    async perform({ destination: given }, context: ActContext): Promise<Done<BalikanDestinationSummary>> {
      const { manager, institution, today } = context;
      const institutionId = institution.id;
      if (institution.kind !== 'kecamatan') throw conflict('Hanya kecamatan yang mengirim data balikan.');
      refuseMistypedKeys(given);
      const present = presentAgreement(await listAgreementFiles(manager, institutionId), today);
      if (!present) throw new AppError('AGREEMENT_MISSING');
      // one that has ended still owes what is not delivered (O-07)
      if (stateOf(present, today).state === 'closed') throw new AppError('AGREEMENT_CLOSED');
      const agreementId = present.agreement.id;
      const { service, recipient = recipientOf(present, today), ...rest } = given;
      const destination = { ...rest, recipient, ...(service ? { service } : {}) };
      return attempt(
        context,
        () => bus.call(configureDestination, { institutionId, agreementId, destination }, { deadlineMs }),
        (now) => told(agreementId, now),
        async () => {
          const was = await readDestination(bus, institutionId);
          return was.configured ? told(was.agreementId, was) : null;
        },
      );
    },
  }),
  pause: makeSwitch(bus, false),
  resume: makeSwitch(bus, true),
  retry: defineAct({
    name: 'data-balikan.retry',
    input: z.strictObject({ id: z.uuid().nullable() }),
    perform: ({ id }, context: ActContext): Promise<Done<BalikanRetried>> =>
      attempt(
        context,
        () => bus.call(retryBalikan, { institutionId: context.institution.id, id }, { deadlineMs: retryDeadlineMs }),
        ({ records }) => ({ record: id, records }),
      ),
  }),
});
