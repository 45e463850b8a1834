import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '#contracts';
import {
  accessFacts,
  agreementFacts,
  insideAddress,
  operatorFacts,
  sessionFacts,
  today,
} from '../../../../test/support/access-facts.js';
import type { AccessFacts } from './access-facts.js';
import { decideDataBalikan, findOwingAgreements } from './decide-data-balikan.js';

const closed = agreementFacts({ id: 'closed', number: 'tutup', validUntil: '2026-03-31', over: true, closed: true });
const ended = agreementFacts({ id: 'ended', number: 'berakhir', validUntil: '2026-04-30' });
const terminated = agreementFacts({ id: 'terminated', number: 'putus', over: true });
const inForce = agreementFacts({ id: 'in force', number: 'berlaku' });
const coming = agreementFacts({ id: 'coming', number: 'akan', validFrom: '2026-07-01' });

const codeOf = (facts: AccessFacts, address = insideAddress): ErrorCode | 'allowed' => {
  const decision = decideDataBalikan(facts, address);
  return decision.allowed ? 'allowed' : decision.code;
};

describe('data balikan are', () => {
  test.each<[string, Parameters<typeof accessFacts>[0], ErrorCode | 'allowed']>([
    ['taken under an agreement in force', {}, 'allowed'],
    ['taken under one that has ended', { agreements: [ended] }, 'allowed'],
    ['taken under one that was terminated, or is closing', { agreements: [terminated] }, 'allowed'],
    ['taken while look-ups are stopped', { institution: { ...accessFacts().institution, stopped: true } }, 'allowed'],
    [
      'taken outside of the working hours',
      { operator: operatorFacts({ workingHours: { days: [7], from: '01:00', until: '02:00' } }) },
      'allowed',
    ],
    [
      'taken without an SPTJM: nobody was looked up then',
      { agreements: [agreementFacts({ sptjmSignedOn: null })] },
      'allowed',
    ],
    ['refused under a closed agreement', { agreements: [closed] }, 'AGREEMENT_CLOSED'],
    ['refused under one that is to come', { agreements: [coming] }, 'AGREEMENT_NOT_STARTED'],
    ['refused between a closed one and one to come', { agreements: [closed, coming] }, 'AGREEMENT_NOT_STARTED'],
    ['refused without an agreement', { agreements: [] }, 'AGREEMENT_MISSING'],
    ['refused without an operator', { operator: null }, 'OPERATOR_REQUIRED'],
    ['refused from a revoked operator', { operator: operatorFacts({ revoked: true }) }, 'OPERATOR_INACTIVE'],
    [
      'refused from one whose last day is over',
      { operator: operatorFacts({ activeUntil: '2026-06-14' }) },
      'OPERATOR_INACTIVE',
    ],
    ['refused without an NDA', { operator: operatorFacts({ ndaSignedOn: null }) }, 'NDA_MISSING'],
    ['refused before the NDA is signed', { operator: operatorFacts({ ndaSignedOn: '2026-06-16' }) }, 'NDA_MISSING'],
    ['taken on the day of the NDA', { operator: operatorFacts({ ndaSignedOn: today }) }, 'allowed'],
    ['refused from a revoked client', { client: { revoked: true } }, 'CLIENT_REVOKED'],
    ['refused for the operator first', { operator: null, agreements: [] }, 'OPERATOR_REQUIRED'],
  ])('%s', (_name, changes, code) => expect(codeOf(accessFacts(changes))).toBe(code));

  test.each<[string, string, boolean, ErrorCode | 'allowed']>([
    ['a token from inside', insideAddress, false, 'allowed'],
    ['a session from inside', insideAddress, true, 'allowed'],
    ['a token from another closed network', '192.168.1.1', false, 'NETWORK_NOT_ALLOWED'],
    ['a session from another closed network', '192.168.1.1', true, 'NETWORK_NOT_ALLOWED'],
    ['a session from the internet', '8.8.8.8', true, 'NETWORK_NOT_ALLOWED'],
  ])('by the source: %s', (_name, address, session, code) =>
    expect(codeOf(accessFacts({ session: session ? sessionFacts() : null }), address)).toBe(code),
  );
});

describe('data balikan are owed under', () => {
  const later = agreementFacts({ id: 'later', validUntil: '2026-05-31' });
  test.each([
    ['the one in force first, then the ended one', [ended, inForce], ['in force', 'ended']],
    ['no coming one', [coming, inForce], ['in force']],
    ['the ended one, not the coming one, which nobody was looked up under', [coming, ended], ['ended']],
    ['the ended one, not a closed one', [closed, ended], ['ended']],
    ['those that ended, the last one first', [ended, later], ['later', 'ended']],
    ['one that was terminated, too', [terminated, inForce, ended], ['in force', 'terminated', 'ended']],
    ['none that is closed or coming', [closed, coming], []],
  ])('%s', (_name, agreements, ids) => {
    for (const given of [agreements, agreements.toReversed()])
      expect(findOwingAgreements({ agreements: given, today }).map(({ id }) => id)).toEqual(ids);
  });
});

test('the actor is the operator under the agreements whose duty it is', () => {
  const facts = accessFacts({ agreements: [closed, ended, coming, inForce] });
  expect(decideDataBalikan(facts, insideAddress)).toEqual({
    allowed: true,
    actor: {
      institutionId: facts.institution.id,
      institutionName: 'Kecamatan Uji',
      agreementId: 'in force',
      agreementVersionId: inForce.versionId,
      validFrom: '2026-01-01',
      otherAgreements: [{ agreementId: 'ended', agreementVersionId: ended.versionId, validFrom: '2026-01-01' }],
      clientId: 'uji',
      operatorId: operatorFacts().id,
    },
  });
});

test('of very many agreements that nobody closed the actor carries as many as a message may', () => {
  const many = Array.from({ length: 9 }, (_, n) => agreementFacts({ id: `${n}`, validUntil: `2026-03-0${n + 1}` }));
  const decision = decideDataBalikan(accessFacts({ agreements: many }), insideAddress);
  expect(decision.allowed && decision.actor.agreementId).toBe('8');
  expect(decision.allowed && decision.actor.otherAgreements?.map(({ agreementId }) => agreementId)).toEqual([
    '7',
    '6',
    '5',
    '4',
  ]);
});
