import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { elementNames, patenServices, type ErrorCode, type VerificationRequest, type WorkingHours } from '#contracts';
import {
  accessFacts,
  agreementFacts,
  insideAddress,
  operatorFacts,
  sessionFacts,
  today,
} from '../../../../test/support/access-facts.js';
import type { AccessFacts, AgreementFacts } from './access-facts.js';
import { decideLookup, findAgreement, grantedElements, identityGates, lookupGates } from './decide-access.js';

const request: VerificationRequest = {
  nik: '3313043108859903',
  purpose: { service: 'SKU', reference: '500/001/SKU/I/2026' },
};
const agreement = (changes: Partial<AgreementFacts>): Partial<AccessFacts> => ({
  agreements: [agreementFacts(changes)],
});

const stopped = { ...accessFacts().institution, stopped: true };
const working = (days: number[], from: string, until: string) => operatorFacts({ workingHours: { days, from, until } });

describe('decideLookup', () => {
  test('lets a look-up through when every gate is open, and says on whose behalf it is', () => {
    const facts = accessFacts();
    const { id: agreementId, versionId: agreementVersionId, validFrom, validUntil } = agreementFacts();
    expect(decideLookup(facts, insideAddress, request)).toEqual({
      allowed: true,
      actor: {
        institutionId: facts.institution.id,
        institutionName: facts.institution.name,
        regionCode: facts.institution.regionCode,
        agreementId,
        agreementVersionId,
        validFrom,
        validUntil,
        clientId: 'uji',
        operatorId: operatorFacts().id,
        role: 'operator',
        elements: [...elementNames],
      },
    });
  });

  // in the order in which they are told when several are shut
  const gates: [string, Parameters<typeof accessFacts>[0], Partial<VerificationRequest>, ErrorCode][] = [
    ['client revoked', { client: { revoked: true } }, {}, 'CLIENT_REVOKED'],
    ['agreement of other networks', agreement({ networks: ['10.9.0.0/16'] }), {}, 'NETWORK_NOT_ALLOWED'],
    ['client of other networks', { client: { networks: ['10.9.0.0/16'] } }, {}, 'NETWORK_NOT_ALLOWED'],
    ['access stopped', { institution: stopped }, {}, 'ACCESS_STOPPED'],
    ['no agreement', { agreements: [] }, {}, 'AGREEMENT_MISSING'],
    ['agreement over before its time', agreement({ over: true }), {}, 'AGREEMENT_ENDED'],
    ['agreement over before it began', agreement({ over: true, validFrom: '2026-06-16' }), {}, 'AGREEMENT_ENDED'],
    ['agreement begins tomorrow', agreement({ validFrom: '2026-06-16' }), {}, 'AGREEMENT_NOT_STARTED'],
    ['agreement ended yesterday', agreement({ validUntil: '2026-06-14' }), {}, 'AGREEMENT_ENDED'],
    ['no SPTJM', agreement({ sptjmSignedOn: null }), {}, 'SPTJM_MISSING'],
    ['SPTJM signed tomorrow', agreement({ sptjmSignedOn: '2026-06-16' }), {}, 'SPTJM_MISSING'],
    ['no operator', { operator: null }, {}, 'OPERATOR_REQUIRED'],
    ['operator revoked', { operator: operatorFacts({ revoked: true }) }, {}, 'OPERATOR_INACTIVE'],
    ['operator begins tomorrow', { operator: operatorFacts({ activeFrom: '2026-06-16' }) }, {}, 'OPERATOR_INACTIVE'],
    ['operator left yesterday', { operator: operatorFacts({ activeUntil: '2026-06-14' }) }, {}, 'OPERATOR_INACTIVE'],
    ['no NDA', { operator: operatorFacts({ ndaSignedOn: null }) }, {}, 'NDA_MISSING'],
    ['NDA signed tomorrow', { operator: operatorFacts({ ndaSignedOn: '2026-06-16' }) }, {}, 'NDA_MISSING'],
    ['another day of the week', { operator: working([2, 3, 4, 5], '07:00', '16:00') }, {}, 'OUTSIDE_WORKING_HOURS'],
    ['before working hours', { operator: working([1], '10:01', '16:00') }, {}, 'OUTSIDE_WORKING_HOURS'],
    ['at the end of working hours', { operator: working([1], '07:00', '10:00') }, {}, 'OUTSIDE_WORKING_HOURS'],
    ['no MATCH', agreement({ modes: ['LOOKUP'] }), { match: { alamat: 'x' } }, 'MODE_NOT_GRANTED'],
    ['no LOOKUP', agreement({ modes: ['MATCH'] }), {}, 'MODE_NOT_GRANTED'],
    ['element not of the agreement', agreement({ elements: ['nik'] }), { fields: ['alamat'] }, 'FIELD_NOT_GRANTED'],
    ['element not of the client', { client: { elements: ['nik'] } }, { fields: ['alamat'] }, 'FIELD_NOT_GRANTED'],
    ['compared element not granted', agreement({ elements: ['nik'] }), { match: { alamat: 'x' } }, 'FIELD_NOT_GRANTED'],
    ['no element at all', { client: { elements: [] } }, {}, 'FIELD_NOT_GRANTED'],
    ['purpose', { client: { purposes: ['SKTM'] } }, {}, 'PURPOSE_NOT_ALLOWED'],
  ];

  test.each(gates)('%s alone', (_name, changes, asked, code) => {
    expect(decideLookup(accessFacts(changes), insideAddress, { ...request, ...asked })).toMatchObject({
      allowed: false,
      code,
    });
  });

  test('tells the first of two shut gates', () => {
    const pairs = gates.flatMap((first, index) => gates.slice(index + 1).map((second) => [first, second] as const));
    for (const [[, a, askedA, code], [, b, askedB]] of pairs) {
      // two that set the same thing cannot both be shut by it
      if (Object.keys(a ?? {}).some((key) => key in (b ?? {}))) continue;
      if (askedA.match ? askedB.fields : askedA.fields && askedB.match) continue;
      const decision = decideLookup(accessFacts({ ...a, ...b }), insideAddress, { ...request, ...askedB, ...askedA });
      expect(decision).toMatchObject({ allowed: false, code });
    }
  });

  test('dates are included on both ends', () => {
    const facts = accessFacts({
      ...agreement({ validFrom: today, validUntil: today, sptjmSignedOn: today }),
      operator: operatorFacts({ activeFrom: today, activeUntil: today, ndaSignedOn: today }),
    });
    expect(decideLookup(facts, insideAddress, request)).toMatchObject({ allowed: true });
  });

  test('working hours begin with their first minute, and end before their last', () => {
    const at = (time: string, weekday = 1) =>
      decideLookup(accessFacts({ time, weekday, operator: working([1, 7], '07:30', '16:00') }), insideAddress, request);
    for (const time of ['07:30', '15:59']) expect(at(time)).toMatchObject({ allowed: true });
    expect(at('07:30', 7)).toMatchObject({ allowed: true });
    for (const time of ['00:00', '07:29', '16:00', '23:59'])
      expect(at(time)).toEqual({ allowed: false, code: 'OUTSIDE_WORKING_HOURS' });
    expect(at('07:30', 6)).toEqual({ allowed: false, code: 'OUTSIDE_WORKING_HOURS' });
  });

  test('a person who has logged in passes the same gates', () => {
    expect(decideLookup(accessFacts({ session: sessionFacts() }), insideAddress, request)).toMatchObject({
      allowed: true,
    });
    for (const [name, changes, asked, code] of gates)
      expect([
        name,
        decideLookup(accessFacts({ ...changes, session: sessionFacts() }), insideAddress, { ...request, ...asked }),
      ]).toMatchObject([name, { allowed: false, code }]);
  });

  test('names every offending element, and not the threshold', () => {
    const facts = accessFacts(agreement({ elements: ['nik', 'namaLengkap'] }));
    const fields = decideLookup(facts, insideAddress, { ...request, fields: ['alamat', 'nik', 'noKk'] });
    expect(fields).toEqual({ allowed: false, code: 'FIELD_NOT_GRANTED', offending: ['alamat', 'noKk'] });
    const match = { namaLengkap: 'x', alamat: 'y', threshold: 90 };
    expect(decideLookup(facts, insideAddress, { ...request, match })).toEqual({
      allowed: false,
      code: 'FIELD_NOT_GRANTED',
      offending: ['alamat'],
    });
    expect(
      decideLookup(facts, insideAddress, { ...request, match: { namaLengkap: 'x', threshold: 90 } }),
    ).toMatchObject({ allowed: true });
  });

  test('never lets one through when a gate is shut, nor refuses one when all are open', () => {
    const day = fc.constantFrom('2026-06-14', today, '2026-06-16');
    // each gate is open in most worlds, so that all are open in many
    const mostly = <T>(usual: T, others: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });
    const seldom = mostly(false, fc.constant(true));
    const signed = mostly<string | null>(today, fc.option(day, { nil: null }));
    const world = fc.record({
      revoked: seldom,
      stopped: seldom,
      over: seldom,
      time: mostly('07:00', fc.constantFrom('06:59', '15:59', '16:00')),
      weekday: mostly(1, fc.integer({ min: 1, max: 7 })),
      session: fc.boolean(),
      address: mostly(insideAddress, fc.constantFrom('10.9.0.1', '203.0.113.5', '::ffff:10.1.2.3', 'unknown')),
      networks: mostly(['10.1.0.0/16'], fc.subarray(['10.1.0.0/16', '0.0.0.0/0', '192.168.0.0/16'])),
      clientNetworks: mostly<string[] | null>(null, fc.subarray(['10.1.0.0/16', '10.9.0.0/16'])),
      from: mostly('2026-06-14', day),
      until: mostly('2026-06-16', day),
      sptjm: signed,
      operator: fc.option(
        fc.record({
          revoked: seldom,
          activeFrom: mostly('2026-06-14', day),
          activeUntil: mostly<string | null>(null, day),
          ndaSignedOn: signed,
          workingHours: fc.constantFrom<WorkingHours | null>(null, {
            days: [1, 2, 3, 4, 5],
            from: '07:00',
            until: '16:00',
          }),
        }),
        { nil: null },
      ),
      elements: fc.subarray([...elementNames]),
      clientElements: fc.option(fc.subarray([...elementNames]), { nil: null }),
      modes: fc.subarray(['LOOKUP', 'MATCH'] as const),
      purposes: fc.option(fc.subarray([...patenServices]), { nil: null }),
      service: fc.constantFrom(...patenServices),
      fields: fc.option(fc.subarray([...elementNames], { minLength: 1 }), { nil: undefined }),
      matching: fc.boolean(),
    });
    let allowed = 0;
    fc.assert(
      fc.property(world, (w) => {
        const facts = accessFacts({
          client: {
            revoked: w.revoked,
            networks: w.clientNetworks,
            elements: w.clientElements,
            purposes: w.purposes,
          },
          institution: { ...stopped, stopped: w.stopped },
          time: w.time,
          weekday: w.weekday,
          session: w.session ? sessionFacts() : null,
          operator: w.operator && operatorFacts(w.operator),
          ...agreement({
            validFrom: w.from,
            validUntil: w.until,
            sptjmSignedOn: w.sptjm,
            elements: w.elements,
            modes: w.modes,
            networks: w.networks,
            over: w.over,
          }),
        });
        const granted = elementNames.filter(
          (name) => w.elements.includes(name) && (w.clientElements?.includes(name) ?? true),
        );
        const asked = w.matching ? ['alamat' as const] : (w.fields ?? []);
        const inside = ['10.1.2.3', '::ffff:10.1.2.3'].includes(w.address)
          ? w.networks.some((one) => one !== '192.168.0.0/16') &&
            (!w.clientNetworks?.length || w.clientNetworks.includes('10.1.0.0/16'))
          : w.address === '10.9.0.1' &&
            w.networks.includes('0.0.0.0/0') &&
            (!w.clientNetworks?.length || w.clientNetworks.includes('10.9.0.0/16'));
        const open =
          !w.revoked &&
          !w.stopped &&
          !w.over &&
          inside &&
          w.from <= today &&
          w.until >= today &&
          w.sptjm !== null &&
          w.sptjm <= today &&
          w.operator !== null &&
          !w.operator.revoked &&
          w.operator.activeFrom <= today &&
          (w.operator.activeUntil === null || w.operator.activeUntil >= today) &&
          w.operator.ndaSignedOn !== null &&
          w.operator.ndaSignedOn <= today &&
          (w.operator.workingHours === null || (w.weekday <= 5 && ['07:00', '15:59'].includes(w.time))) &&
          (w.modes as string[]).includes(w.matching ? 'MATCH' : 'LOOKUP') &&
          granted.length > 0 &&
          asked.every((name) => granted.includes(name)) &&
          (w.purposes === null || w.purposes.includes(w.service));
        const decision = decideLookup(facts, w.address, {
          ...request,
          purpose: { ...request.purpose, service: w.service },
          ...(w.matching ? { match: { alamat: 'x' } } : w.fields ? { fields: w.fields } : {}),
        });
        expect(decision.allowed).toBe(open);
        if (decision.allowed) {
          allowed += 1;
          expect(decision.actor.elements).toEqual(granted);
        }
      }),
      { numRuns: 20_000 },
    );
    expect(allowed).toBeGreaterThan(0);
  });
});

describe('gates', () => {
  test('all that are shut are listed, each with its clause', () => {
    const facts = accessFacts({
      client: { revoked: true },
      institution: stopped,
      operator: { ...working([7], '07:00', '08:00'), revoked: true, ndaSignedOn: null },
      ...agreement({ validUntil: '2026-06-14', sptjmSignedOn: null }),
    });
    expect([...identityGates(facts, '203.0.113.5'), ...lookupGates(facts, '203.0.113.5')]).toEqual([
      { code: 'CLIENT_REVOKED', clause: 'O-19' },
      { code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' },
      { code: 'ACCESS_STOPPED', clause: 'O-19' },
      { code: 'AGREEMENT_ENDED', clause: 'O-18' },
      { code: 'SPTJM_MISSING', clause: 'O-09' },
      { code: 'OPERATOR_INACTIVE', clause: 'O-19' },
      { code: 'NDA_MISSING', clause: 'O-17' },
      { code: 'OUTSIDE_WORKING_HOURS', clause: 'O-15' },
    ]);
  });

  test('outside the ranges of the agreement a person may act, but look nothing up; a public address is refused', () => {
    const facts = accessFacts({ session: sessionFacts(), ...agreement({ networks: ['10.9.0.0/16'] }) });
    expect(identityGates(facts, insideAddress)).toEqual([]);
    expect(lookupGates(facts, insideAddress)).toEqual([{ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' }]);
    expect(identityGates(facts, '203.0.113.5')).toEqual([{ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' }]);
  });

  test('without an agreement a closed address passes the identity gates, a public one does not', () => {
    const facts = accessFacts({ agreements: [] });
    expect(identityGates(facts, insideAddress)).toEqual([]);
    expect(identityGates(facts, '203.0.113.5')).toEqual([{ code: 'NETWORK_NOT_ALLOWED', clause: 'O-02' }]);
  });
});

describe('findAgreement', () => {
  const past = agreementFacts({ number: 'lama', validFrom: '2022-12-07', validUntil: '2024-12-06' });
  const older = agreementFacts({ number: 'lebih lama', validFrom: '2019-01-01', validUntil: '2021-12-31' });
  const current = agreementFacts({ number: 'kini' });
  const next = agreementFacts({ number: 'nanti', validFrom: '2027-01-01', validUntil: '2028-12-31' });
  const later = agreementFacts({ number: 'kelak', validFrom: '2029-01-01', validUntil: '2030-12-31' });

  const broken = agreementFacts({ number: 'putus', validUntil: '2099-12-31', over: true });
  const unsigned = agreementFacts({ number: 'konsep', sptjmSignedOn: null });
  const signedTomorrow = agreementFacts({ number: 'besok', sptjmSignedOn: '2026-06-16' });
  const withdrawn = agreementFacts({ number: 'batal', validFrom: '2026-12-01', over: true });

  test.each([
    ['the one in force', [past, next, current], 'kini'],
    ['of several in force one with an SPTJM', [unsigned, current, signedTomorrow], 'kini'],
    ['the one that took the place of one that was terminated', [broken, current, withdrawn], 'kini'],
    ['the next one and none that was terminated', [broken, withdrawn, next], 'nanti'],
    ['one that was terminated when there is no other', [past, broken], 'putus'],
    ['else the next one', [past, later, next, older], 'nanti'],
    ['else the last one that ended', [older, past], 'lama'],
    ['else none', [], undefined],
  ])('takes %s, in whatever order they are', (_name, agreements, number) => {
    expect(findAgreement({ agreements, today })?.number).toBe(number);
    expect(findAgreement({ agreements: agreements.toReversed(), today })?.number).toBe(number);
  });
});

test('granted elements are what agreement and client both grant, in the order of the PKS', () => {
  const list = fc.shuffledSubarray([...elementNames]);
  fc.assert(
    fc.property(list, fc.option(list, { nil: null }), (ofAgreement, ofClient) => {
      const facts = accessFacts({ client: { elements: ofClient }, ...agreement({ elements: ofAgreement }) });
      expect(grantedElements(facts)).toEqual(
        elementNames.filter((name) => ofAgreement.includes(name) && (ofClient === null || ofClient.includes(name))),
      );
    }),
  );
});
