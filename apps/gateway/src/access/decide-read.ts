import {
  cardElementNames,
  inElementOrder,
  type Actor,
  type ElementName,
  type ErrorCode,
  type ReadRequest,
} from '#contracts';
import type { AccessFacts, AgreementFacts } from './access-facts.js';
import { actorOf, findAgreement, grantedElements, identityGates, lookupGates, type ShutGate } from './decide-access.js';

/** The SAM that is in a reader now. */
export interface SamFacts {
  serial: string | null;
  agreementId: string;
  /** Activated, and its configuration file not returned. */
  active: boolean;
}

export interface ReaderGateFacts {
  institutionId: string;
  revoked: boolean;
  sam: SamFacts | null;
}

/** Gates of the reader itself: it is not revoked, and an activated SAM of the agreement in force is registered for it (O-12, O-13). */
export function readerGates({ revoked, sam }: ReaderGateFacts, agreement: AgreementFacts | undefined): ShutGate[] {
  const shut: ShutGate[] = [];
  if (revoked) shut.push({ code: 'READER_REVOKED', clause: 'O-19' });
  if (!sam?.active || sam.serial === null || sam.agreementId !== agreement?.id)
    shut.push({ code: 'SAM_NOT_ACTIVATED', clause: 'O-13' });
  return shut;
}

/** Elements that a chip has and that are granted. */
export const grantedCardElements = (facts: AccessFacts): ElementName[] => {
  const granted = grantedElements(facts);
  return cardElementNames.filter((name) => granted.includes(name));
};

/** Whether card and register speak of the same person is told by these. */
export const identifyingElements = ['nik', 'namaLengkap', 'tanggalLahir'] as const satisfies readonly ElementName[];

export type ReadDecision =
  | {
      allowed: true;
      actor: Actor;
      /** For the answer. */
      elements: ElementName[];
      /** For the reader: also what the register is asked with. */
      order: ElementName[];
    }
  | { allowed: false; code: ErrorCode; offending?: string[] };

/**
 * The one decision on a read of a card: the gates of a look-up, the reader is this office's own and in order, the elements are
 * granted, and so is what follows.
 */
export function decideRead(
  facts: AccessFacts,
  address: string,
  reader: ReaderGateFacts | undefined,
  request: Pick<ReadRequest, 'purpose' | 'fields' | 'then'>,
): ReadDecision {
  const shut = [...identityGates(facts, address), ...lookupGates(facts, address)][0];
  if (shut) return { allowed: false, code: shut.code };
  const agreement = findAgreement(facts);
  const { operator, client } = facts;
  if (!agreement || !operator) return { allowed: false, code: 'AGREEMENT_MISSING' };
  if (!reader || reader.institutionId !== facts.institution.id) return { allowed: false, code: 'RESOURCE_NOT_FOUND' };
  const gate = readerGates(reader, agreement)[0];
  if (gate) return { allowed: false, code: gate.code };

  const granted = grantedCardElements(facts);
  const offending = (request.fields ?? []).filter((name) => !(granted as string[]).includes(name));
  if (offending.length > 0 || granted.length === 0) return { allowed: false, code: 'FIELD_NOT_GRANTED', offending };
  if (request.then && !agreement.modes.includes(request.then)) return { allowed: false, code: 'MODE_NOT_GRANTED' };
  // the register is asked by NIK
  if (request.then && !granted.includes('nik'))
    return { allowed: false, code: 'FIELD_NOT_GRANTED', offending: ['nik'] };
  if (client.purposes && !client.purposes.includes(request.purpose.service))
    return { allowed: false, code: 'PURPOSE_NOT_ALLOWED' };
  const elements = inElementOrder(request.fields ?? granted);
  if (request.then === 'MATCH' && elements.every((name) => name === 'nik'))
    return { allowed: false, code: 'REQUEST_INVALID' };
  const asked: Record<'LOOKUP' | 'MATCH', ElementName[]> = {
    LOOKUP: identifyingElements.filter((name) => granted.includes(name)),
    MATCH: ['nik'],
  };
  const order = inElementOrder(request.then ? [...elements, ...asked[request.then]] : elements);
  return { allowed: true, actor: actorOf(facts, agreement, operator), elements, order };
}
