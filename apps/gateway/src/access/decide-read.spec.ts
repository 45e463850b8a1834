import { describe, expect, test } from '@jest/globals';
import { cardElementNames, type ReadRequest } from '#contracts';
import { accessFacts, agreementFacts, insideAddress, operatorFacts } from '../../../../test/support/access-facts.js';
import type { AccessFacts } from './access-facts.js';
import { decideRead, readerGates, type ReaderGateFacts } from './decide-read.js';

const facts = accessFacts();
const purpose = { service: 'SKU', reference: '500/001' } as const;
const sam = { serial: 'SAM-1', agreementId: agreementFacts().id, active: true };
const reader: ReaderGateFacts = { institutionId: facts.institution.id, revoked: false, sam };

const decide = (
  request: Partial<ReadRequest> = {},
  changes: { facts?: AccessFacts; reader?: ReaderGateFacts | undefined; address?: string } = {},
) =>
  decideRead(changes.facts ?? facts, changes.address ?? insideAddress, 'reader' in changes ? changes.reader : reader, {
    purpose,
    ...request,
  });

test('allowed: every granted element that a card has, and nothing else', () => {
  expect(decide()).toMatchObject({ allowed: true, elements: cardElementNames, order: cardElementNames });
});

test('what was asked for, in the order of the agreement', () => {
  expect(decide({ fields: ['alamat', 'namaLengkap'] })).toMatchObject({
    elements: ['namaLengkap', 'alamat'],
    order: ['namaLengkap', 'alamat'],
  });
});

test('for the register the NIK is ordered, too, and not shown to whoever did not ask for it', () => {
  expect(decide({ fields: ['namaLengkap'], then: 'LOOKUP' })).toMatchObject({
    elements: ['namaLengkap'],
    order: ['nik', 'namaLengkap', 'tanggalLahir'],
  });
  expect(decide({ fields: ['namaLengkap'], then: 'MATCH' })).toMatchObject({ order: ['nik', 'namaLengkap'] });
});

test('to look up is to compare who it is, as far as that is granted', () => {
  const few = accessFacts({ agreements: [agreementFacts({ elements: ['nik', 'namaLengkap', 'alamat'] })] });
  expect(decide({ fields: ['alamat'], then: 'LOOKUP' }, { facts: few })).toMatchObject({
    elements: ['alamat'],
    order: ['nik', 'namaLengkap', 'alamat'],
  });
});

test('a match of nothing but the NIK is refused before the card is touched', () => {
  const few = accessFacts({ agreements: [agreementFacts({ elements: ['nik'] })] });
  const refused = { allowed: false, code: 'REQUEST_INVALID' };
  expect(decide({ fields: ['nik'], then: 'MATCH' })).toEqual(refused);
  expect(decide({ then: 'MATCH' }, { facts: few })).toEqual(refused);
  expect(decide({ fields: ['nik'], then: 'LOOKUP' })).toMatchObject({ allowed: true });
});

describe('refused', () => {
  test.each([
    ['no such reader', { reader: undefined }, 'RESOURCE_NOT_FOUND'],
    ['of another office', { reader: { ...reader, institutionId: agreementFacts().id } }, 'RESOURCE_NOT_FOUND'],
    ['revoked', { reader: { ...reader, revoked: true } }, 'READER_REVOKED'],
    ['no SAM', { reader: { ...reader, sam: null } }, 'SAM_NOT_ACTIVATED'],
    ['SAM not active', { reader: { ...reader, sam: { ...sam, active: false } } }, 'SAM_NOT_ACTIVATED'],
    [
      'SAM of another agreement',
      { reader: { ...reader, sam: { ...sam, agreementId: facts.institution.id } } },
      'SAM_NOT_ACTIVATED',
    ],
    ['from outside', { address: '8.8.8.8' }, 'NETWORK_NOT_ALLOWED'],
    ['nobody', { facts: accessFacts({ operator: null }) }, 'OPERATOR_REQUIRED'],
    ['no NDA', { facts: accessFacts({ operator: operatorFacts({ ndaSignedOn: null }) }) }, 'NDA_MISSING'],
    ['agreement over', { facts: accessFacts({ agreements: [agreementFacts({ over: true })] }) }, 'AGREEMENT_ENDED'],
  ] as const)('%s', (_name, changes, code) => expect(decide({}, changes)).toEqual({ allowed: false, code }));

  test('the office comes before the reader: a foreign reader is not told to somebody who may do nothing', () => {
    const stopped = accessFacts({ institution: { ...facts.institution, stopped: true } });
    expect(decide({}, { facts: stopped, reader: undefined })).toEqual({ allowed: false, code: 'ACCESS_STOPPED' });
  });

  test('Nomor KK is on no card', () => {
    expect(decide({ fields: ['noKk', 'nik'] })).toEqual({
      allowed: false,
      code: 'FIELD_NOT_GRANTED',
      offending: ['noKk'],
    });
  });

  test('an element that the agreement does not grant; the register without the NIK; a mode; a purpose', () => {
    const few = accessFacts({ agreements: [agreementFacts({ elements: ['namaLengkap'], modes: ['MATCH'] })] });
    expect(decide({ fields: ['alamat'] }, { facts: few })).toMatchObject({ offending: ['alamat'] });
    expect(decide({ then: 'MATCH' }, { facts: few })).toMatchObject({ code: 'FIELD_NOT_GRANTED', offending: ['nik'] });
    expect(decide({ then: 'LOOKUP' }, { facts: few })).toMatchObject({ code: 'MODE_NOT_GRANTED' });
    expect(decide({}, { facts: accessFacts({ client: { purposes: ['SKTM'] } }) })).toMatchObject({
      code: 'PURPOSE_NOT_ALLOWED',
    });
  });
});

test('all gates of a reader are told, not only the first', () => {
  expect(readerGates({ ...reader, revoked: true, sam: null }, agreementFacts()).map(({ code }) => code)).toEqual([
    'READER_REVOKED',
    'SAM_NOT_ACTIVATED',
  ]);
});
