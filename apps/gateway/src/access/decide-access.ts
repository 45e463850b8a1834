import {
  inElementOrder,
  type Actor,
  type ElementName,
  type ErrorCode,
  type VerificationMode,
  type VerificationRequest,
  type WorkingHours,
} from '#contracts';
import type { AccessFacts, AgreementFacts } from './access-facts.js';
import { isInsideClosedNetwork } from './closed-network.js';

/** A gate that is shut: its code, and the obligation behind it. */
export interface ShutGate {
  code: ErrorCode;
  clause: string;
}

/**
 * The agreement that counts today: the one in force, of several one with an SPTJM; else the next one; else the last one that
 * ended.
 */
export function findAgreement({
  agreements,
  today,
}: Pick<AccessFacts, 'agreements' | 'today'>): AgreementFacts | undefined {
  const begun = agreements.filter((one) => !one.over && one.validFrom <= today && today <= one.validUntil);
  const inForce = begun.find(({ sptjmSignedOn }) => signedBy(sptjmSignedOn, today)) ?? begun[0];
  const coming = agreements
    .filter((one) => !one.over && one.validFrom > today)
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const ended = agreements
    .filter((one) => one.over || one.validUntil < today)
    .sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1));
  return inForce ?? coming[0] ?? ended[0];
}

const anywhere = ['0.0.0.0/0', '::/0'];

/** Gates of whoever comes: they are shut for every route. */
export function identityGates(facts: AccessFacts, address: string): ShutGate[] {
  const shut: ShutGate[] = [];
  const networks = facts.client.networks ?? [];
  // the agreement's ranges are for look-ups: with a wrong range on file, somebody must still be able to mend it
  const agreement = facts.session ? undefined : findAgreement(facts);
  // without an agreement there are no ranges yet; a public address is refused all the same
  const inside =
    isInsideClosedNetwork(address, agreement?.networks ?? anywhere) &&
    (networks.length === 0 || isInsideClosedNetwork(address, networks));
  if (facts.client.revoked) shut.push({ code: 'CLIENT_REVOKED', clause: 'O-19' });
  if (!inside) shut.push({ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' });
  return shut;
}

/** Gates of the office itself, whoever asks: not stopped, an agreement in force, its SPTJM on file. */
export function agreementGates(
  facts: Pick<AccessFacts, 'agreements' | 'today'> & { institution: { stopped: boolean } },
): ShutGate[] {
  const { today } = facts;
  const agreement = findAgreement(facts);
  const shut: ShutGate[] = [];
  if (facts.institution.stopped) shut.push({ code: 'ACCESS_STOPPED', clause: 'O-19' });
  if (!agreement) shut.push({ code: 'AGREEMENT_MISSING', clause: 'O-18' });
  else if (agreement.over) shut.push({ code: 'AGREEMENT_ENDED', clause: 'O-18' });
  else if (today < agreement.validFrom) shut.push({ code: 'AGREEMENT_NOT_STARTED', clause: 'O-18' });
  else if (today > agreement.validUntil) shut.push({ code: 'AGREEMENT_ENDED', clause: 'O-18' });
  if (agreement && !signedBy(agreement.sptjmSignedOn, today)) shut.push({ code: 'SPTJM_MISSING', clause: 'O-09' });
  return shut;
}

/** Gates that stand before any look-up, in the order in which they are told. */
export function lookupGates(facts: AccessFacts, address: string): ShutGate[] {
  const { operator, today } = facts;
  const agreement = findAgreement(facts);
  const shut = agreementGates(facts);
  shut.push(...operatorGates(facts));
  if (operator && !signedBy(operator.ndaSignedOn, today)) shut.push({ code: 'NDA_MISSING', clause: 'O-17' });
  if (operator?.workingHours && !isWithin(operator.workingHours, facts))
    shut.push({ code: 'OUTSIDE_WORKING_HOURS', clause: 'O-15' });
  if (facts.session && agreement && !isInsideClosedNetwork(address, agreement.networks))
    shut.push({ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' });
  return shut;
}

/** A person has to stand behind what is asked or read, and be active today. */
export function operatorGates({ operator, today }: Pick<AccessFacts, 'operator' | 'today'>): ShutGate[] {
  if (!operator) return [{ code: 'OPERATOR_REQUIRED', clause: 'O-17' }];
  const begun = operator.activeFrom <= today;
  const over = operator.revoked || (operator.activeUntil !== null && operator.activeUntil < today);
  return begun && !over ? [] : [{ code: 'OPERATOR_INACTIVE', clause: 'O-19' }];
}

export function grantedElements(facts: AccessFacts): ElementName[] {
  const ofAgreement = findAgreement(facts)?.elements ?? [];
  const ofClient = facts.client.elements;
  return inElementOrder(ofClient ? ofAgreement.filter((name) => ofClient.includes(name)) : ofAgreement);
}

export type AccessDecision =
  { allowed: true; actor: Actor } | { allowed: false; code: ErrorCode; offending?: string[] };

/**
 * The one decision on a look-up (DESIGN 5.4): agreement in force on that day, SPTJM on file, client and operator active,
 * NDA signed, source inside the closed network, fields within the granted elements, purpose allowed.
 */
export function decideLookup(facts: AccessFacts, address: string, request: VerificationRequest): AccessDecision {
  const shut = [...identityGates(facts, address), ...lookupGates(facts, address)][0];
  if (shut) return { allowed: false, code: shut.code };
  const agreement = findAgreement(facts);
  const { operator, client } = facts;
  if (!agreement || !operator) return { allowed: false, code: 'AGREEMENT_MISSING' };

  const mode: VerificationMode = request.match ? 'MATCH' : 'LOOKUP';
  if (!agreement.modes.includes(mode)) return { allowed: false, code: 'MODE_NOT_GRANTED' };
  const granted = grantedElements(facts);
  const asked = request.match
    ? Object.keys(request.match).filter((key) => key !== 'threshold')
    : (request.fields ?? []);
  const offending = asked.filter((name) => !(granted as string[]).includes(name));
  if (offending.length > 0 || granted.length === 0) return { allowed: false, code: 'FIELD_NOT_GRANTED', offending };
  if (client.purposes && !client.purposes.includes(request.purpose.service))
    return { allowed: false, code: 'PURPOSE_NOT_ALLOWED' };
  return { allowed: true, actor: actorOf(facts, agreement, operator) };
}

/** On whose behalf something is asked, after the decision. */
export const actorOf = (
  facts: AccessFacts,
  agreement: AgreementFacts,
  operator: NonNullable<AccessFacts['operator']>,
): Actor => ({
  institutionId: facts.institution.id,
  institutionName: facts.institution.name,
  regionCode: facts.institution.regionCode,
  agreementId: agreement.id,
  agreementVersionId: agreement.versionId,
  validFrom: agreement.validFrom,
  validUntil: agreement.validUntil,
  clientId: facts.client.id,
  operatorId: operator.id,
  role: operator.role,
  elements: grantedElements(facts),
});

function isWithin({ days, from, until }: WorkingHours, { weekday, time }: AccessFacts): boolean {
  return days.includes(weekday) && from <= time && time < until;
}

function signedBy(signedOn: string | null, today: string): boolean {
  return signedOn !== null && signedOn <= today;
}
