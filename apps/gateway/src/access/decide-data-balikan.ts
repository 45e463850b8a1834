import { mostOwingAgreements, type BalikanActor, type ErrorCode, type OwingAgreement } from '#contracts';
import type { AccessFacts, AgreementFacts } from './access-facts.js';
import { isInsideClosedNetwork } from './closed-network.js';
import { findAgreement, identityGates, operatorGates, type ShutGate } from './decide-access.js';

export type DataBalikanDecision = { allowed: true; actor: BalikanActor } | { allowed: false; code: ErrorCode };

/**
 * The agreements under which data balikan are handed in today, the one that counts first: the one in force, else the last one that
 * ended. All have begun and none is closed: the return duty does not end with an agreement, nor with the next one (O-07).
 */
export function findOwingAgreements({
  agreements,
  today,
}: Pick<AccessFacts, 'agreements' | 'today'>): AgreementFacts[] {
  const open = agreements
    .filter(({ closed, validFrom }) => !closed && validFrom <= today)
    .sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1));
  const first = findAgreement({ agreements: open, today });
  return first ? [first, ...open.filter((one) => one !== first)] : [];
}

/** Gates that stand before whoever hands in data balikan, in the order in which they are told. A stop is for look-ups alone. */
function dataBalikanGates(facts: AccessFacts, address: string): ShutGate[] {
  const { operator, today } = facts;
  const agreement = findOwingAgreements(facts)[0] ?? findAgreement(facts);
  const shut: ShutGate[] = operatorGates(facts);
  if (operator && (operator.ndaSignedOn === null || operator.ndaSignedOn > today))
    shut.push({ code: 'NDA_MISSING', clause: 'O-17' });
  if (!agreement) shut.push({ code: 'AGREEMENT_MISSING', clause: 'O-18' });
  else if (agreement.closed) shut.push({ code: 'AGREEMENT_CLOSED', clause: 'O-18' });
  else if (agreement.validFrom > today) shut.push({ code: 'AGREEMENT_NOT_STARTED', clause: 'O-18' });
  if (facts.session && agreement && !isInsideClosedNetwork(address, agreement.networks))
    shut.push({ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' });
  return shut;
}

/**
 * The one decision on handing in data balikan: client and operator active, NDA signed, source inside the closed network, and an
 * agreement that is in force, or has ended and is not closed yet.
 */
export function decideDataBalikan(facts: AccessFacts, address: string): DataBalikanDecision {
  const shut = [...identityGates(facts, address), ...dataBalikanGates(facts, address)][0];
  if (shut) return { allowed: false, code: shut.code };
  const [agreement, ...others] = findOwingAgreements(facts).slice(0, mostOwingAgreements).map(toOwing);
  const { operator, client, institution } = facts;
  if (!agreement || !operator) return { allowed: false, code: 'AGREEMENT_MISSING' };
  return {
    allowed: true,
    actor: {
      institutionId: institution.id,
      institutionName: institution.name,
      ...agreement,
      otherAgreements: others,
      clientId: client.id,
      operatorId: operator.id,
    },
  };
}

const toOwing = ({ id, versionId, validFrom }: AgreementFacts): OwingAgreement => ({
  agreementId: id,
  agreementVersionId: versionId,
  validFrom,
});
