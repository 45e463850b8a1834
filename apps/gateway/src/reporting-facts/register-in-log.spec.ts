import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getRegister, InstitutionFile, listPeople, openAccessEvents, type ReportedEvent } from '#contracts';
import type { ReportedLeaf } from '#evidence';
import { Particulars, particularsLine, RegisterActs } from '#report';
import { Log, poolOf, type RpcClient } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { Administration } from '../administration/administration.service.js';
import { Configurator } from '../agreements/configurator.js';
import { terminateAgreement } from '../agreements/agreement-acts.js';
import { EvidenceRelay } from '../evidence-report/evidence-relay.js';
import { InstitutionImporter } from '../institutions/import-institution.js';
import { ActsFixture, atTheMachine, sha256, today } from '../operators/acts-fixture.js';
import { makeOperatorActs } from '../operators/office-holder-acts.js';
import { recordNda } from '../operators/operator-acts.js';
import { makeRevokeReader, registerReader } from '../readers/reader-acts.js';
import * as sams from '../readers/sam-acts.js';
import { askFacts } from './facts-fixture.js';

// The verifier of a kit knows the acts by name and content (libs/report): here they are as they are really put on record.

let fixture: ActsFixture;
let at: string;
const nda = (number: string) => ({ number, signedOn: '2026-01-02', documentSha256: sha256 });
const document = { documentSha256: sha256, signedOn: '2026-01-01' };
const terms = {
  ...{ effectiveFrom: '2026-01-01', validFrom: '2026-01-01', validUntil: '2027-12-31', dailyQuota: 500 },
  ...{ elements: ['nik'], modes: ['LOOKUP'], networks: ['10.1.2.0/24'] },
};
const person = (userIdLokal: string, role: 'operator' | 'camat' | 'admin' = 'operator') => ({
  ...{ userIdLokal, role, fullName: 'Orang Uji', activeFrom: '2026-01-01' },
});

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  at = await importOffice();
});
afterAll(() => fixture.drop());

async function importOffice(): Promise<string> {
  const file = InstitutionFile.parse({
    institution: { name: 'Kecamatan Impor', regionCode: '33.98.09' },
    agreement: {
      ...{ number: 'PKS/UJI', signedOn: '2026-01-01', sptjm: { number: 'SPTJM/1', ...document } },
      versions: [terms, { ...terms, effectiveFrom: '2026-06-01', dailyQuota: 900 }],
    },
    operators: [
      { ...person('loket1'), nda: nda('NDA/1') },
      person('loket2'),
      { ...person('camat', 'camat'), nda: nda('NDA/2') },
    ],
    clients: [],
  });
  const bus = { call: async () => ({ configured: true, mediaRecipients: [] }) } as unknown as RpcClient;
  const administration = new Administration(fixture.source);
  const configurator = new Configurator(poolOf(fixture.source), bus, Log.create('uji', 'error'));
  const importer = new InstitutionImporter(administration, fixture.sealing, configurator, bus);
  const { institutionId } = await importer.import(file, atTheMachine, {
    checkOnly: false,
    reason: 'uji',
    approve: true,
  });
  return institutionId ?? '';
}

/** What the log was told, and the rows of the register that it has put on file. */
async function judged() {
  const told = new Map<string, ReportedEvent>();
  const bus = {
    call: async (_rpc: unknown, { events }: { events: ReportedEvent[] }) => {
      for (const event of events) told.set(event.id, event);
      return { taken: events.length };
    },
  } as never;
  await fixture.sql('INSERT INTO access.evidence_outbox SELECT id FROM access.admin_event ON CONFLICT DO NOTHING');
  await new EvidenceRelay(fixture.source, bus, {
    event: () => undefined,
    failure: () => undefined,
  } as unknown as Log).round();
  const own = [...told.values()].filter(({ institutionId }) => institutionId === at);
  const { events } = await askFacts(fixture, openAccessEvents, { institutionId: at, ids: own.map(({ id }) => id) });
  const particulars = new Particulars();
  events.forEach((event) => particulars.line(particularsLine(event)));
  const acts = new RegisterActs();
  for (const event of own) {
    const leaf = event as unknown as ReportedLeaf;
    acts.add(leaf, particulars.open(leaf), true);
  }
  const { people } = await askFacts(fixture, listPeople, { institutionId: at, after: null });
  const register = { ...(await askFacts(fixture, getRegister, { institutionId: at })), people, exceptions: [] };
  return { register, acts, opened: particulars.opened, told: own.length };
}

test('each row of a register is proven by the acts that put it on file', async () => {
  const { createOperator, changeOfficeHolder } = makeOperatorActs(fixture.sealing);
  const by = { at, actor: atTheMachine };
  const camat = (await judged()).register.people.find(({ role }) => role === 'camat')!;
  const second = (await judged()).register.people.find(({ userIdLokal }) => userIdLokal === 'loket2')!;
  await fixture.perform(createOperator, { operator: { ...person('loket3'), nda: nda('NDA/3') } }, by);
  await fixture.perform(recordNda, { operatorId: second.id, nda: nda('NDA/4') }, by);
  const letter = { letterNumber: '800/1', letterDate: today, documentSha256: sha256, from: today };
  const successor = { ...person('camat2', 'camat'), nda: nda('NDA/5') };
  await fixture.perform(changeOfficeHolder, { leaver: camat.id, successor, ...letter }, by);
  const reader = { brand: 'Uji', type: 'U1', workUnit: 'Loket' };
  const kept = await fixture.perform(registerReader, { ...reader, serial: 'RDR-1' }, by);
  const gone = await fixture.perform(registerReader, { ...reader, serial: 'RDR-2' }, by);
  await fixture.perform(
    makeRevokeReader(() => Promise.resolve()),
    { readerId: gone.id, why: 'Uji' },
    by,
  );
  const request = { sifilmaNumber: 'SIF/1', letter: { number: '1', date: today } };
  const { id: samId } = await fixture.perform(sams.requestSam, request, by);
  const card = { samId, serial: 'SAM-1', pcidFingerprint: sha256, doneOn: today };
  await fixture.perform(sams.recordPersonalisation, card, by);
  await fixture.perform(sams.activateSam, { samId, doneOn: today }, by);
  await fixture.perform(sams.assignSam, { samId, readerId: kept.id }, by);

  const { register, acts, opened, told } = await judged();
  expect(opened).toBe(told);
  const rows = acts.rows(register);
  expect(rows.filter(({ standing }) => standing !== 'PROVEN')).toEqual([]);
  expect(rows.map(({ label }) => label).sort()).toEqual([
    ...['NDA NDA/1', 'NDA NDA/2', 'NDA NDA/3', 'NDA NDA/4', 'NDA NDA/5', 'PKS/UJI (1)', 'PKS/UJI (2)'],
    ...['RDR-1', 'RDR-2', 'SIF/1', 'SPTJM SPTJM/1'],
  ]);

  expect(acts.contradictions(register)).toEqual([]);
  register.readers.forEach((one) => (one.state = 'CONNECTED'));
  register.agreements[0]!.versions.pop();
  register.sams.pop();
  expect(acts.contradictions(register)).toMatchObject([
    { path: 'register.agreements[0].versions', label: 'PKS/UJI (2)', kind: 'LEFT_OUT' },
    { path: expect.stringMatching(/^register\.readers\[\d\]\.state$/), label: 'RDR-2', kind: 'REVOKED' },
    { path: 'register.sams', label: samId, kind: 'LEFT_OUT' },
  ]);

  register.people[0]!.nda = { number: 'NDA/99', signedOn: today };
  expect(acts.rows(register).filter(({ standing }) => standing !== 'PROVEN')).toMatchObject([{ label: 'NDA NDA/99' }]);
});

test('a termination is known from its act', async () => {
  const { register } = await judged();
  const input = { agreementId: register.agreements[0]!.id, letterNumber: '1', why: 'Uji' };
  await fixture.perform(terminateAgreement, input, { at, actor: atTheMachine });
  const after = await judged();
  expect(after.acts.rows(after.register).filter(({ standing }) => standing !== 'PROVEN')).toEqual([]);
  expect(after.acts.contradictions(after.register)).toEqual([]);
  expect(after.acts.contradictions(register)).toMatchObject([{ label: 'PKS/UJI', kind: 'TERMINATED' }]);
});
