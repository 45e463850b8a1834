import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mostOpened, openAccessEvents, recordNames, type ReportedEvent } from '#contracts';
import { contentHash, toHex } from '#evidence';
import type { Log } from '#service';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { record } from '../administration/admin-record.js';
import { createClient } from '../clients/client-acts.js';
import { EvidenceRelay } from '../evidence-report/evidence-relay.js';
import { stopInstitution, updateInstitution } from '../institutions/institution-acts.js';
import { ActsFixture, atTheMachine, sha256, today } from '../operators/acts-fixture.js';
import { makeOperatorActs } from '../operators/office-holder-acts.js';
import { registerReader } from '../readers/reader-acts.js';
import { ReadEvidence } from '../readers/read-evidence.js';
import { askFacts } from './facts-fixture.js';

let fixture: ActsFixture;
/** What the evidence log was told, by id. */
const leaves = new Map<string, ReportedEvent>();

beforeAll(async () => {
  fixture = await ActsFixture.create(await TestDatabase.create());
  await doEverything();
  const bus = {
    call: async (_rpc: unknown, { events }: { events: ReportedEvent[] }) => {
      for (const event of events) leaves.set(event.id, event);
      return { taken: events.length };
    },
  } as never;
  const log = { event: () => undefined, failure: () => undefined } as unknown as Log;
  await new EvidenceRelay(fixture.source, bus, log).round();
  await new ReadEvidence(fixture.source, bus, log).round();
});
afterAll(() => fixture.drop());

/** Acts of each kind as they are done, records of the other kinds, and reads of cards, here and at the neighbour's. */
async function doEverything(): Promise<void> {
  const { createOperator, changeOfficeHolder } = makeOperatorActs(fixture.sealing);
  const person = { userIdLokal: 'loket7', fullName: 'Petugas “Uji”', role: 'operator', activeFrom: today } as const;
  await fixture.perform(createOperator, { operator: { ...person, nik: '3313044107909901' } });
  const leaver = await fixture.person({ role: 'camat' });
  const successor = { userIdLokal: 'camat2', fullName: 'Camat Uji', role: 'camat', activeFrom: today } as const;
  const letter = { letterNumber: '800/1/2026', letterDate: today, documentSha256: sha256 };
  await fixture.perform(changeOfficeHolder, { leaver, successor, from: today, ...letter });
  await fixture.perform(updateInstitution, { address: 'Jl. Uji ½ 🙂' });
  const burst = { perSecond: 0.5, size: 3 };
  await fixture.perform(createClient, { id: 'uji', name: 'Uji', scopes: ['verifications:write'], burst });
  await fixture.perform(registerReader, { brand: 'Uji', type: 'U1', serial: 'RDR-1', workUnit: 'Loket' });
  await fixture.perform(stopInstitution, { why: 'Uji' }, { actor: await fixture.actor('camat') });
  await fixture.perform(updateInstitution, { address: 'Lain' }, { actor: atTheMachine, at: fixture.neighbour });
  for (const act of recordNames)
    await fixture.source.transaction((manager) =>
      record(manager, {
        ...{ institutionId: fixture.kecamatan, act, subject: { type: 'uji', id: act }, actor: { kind: 'system' } },
        before: { share: 1e-7, list: [1, 2.5, null, { deep: -0.1 }] },
        after: { number: 2 ** 53, text: 'ä\u2028"' },
      }),
    );
  for (const at of [fixture.kecamatan, fixture.neighbour]) await read(at);
}

/** A read that ended, one that is open, and a check without a line. */
async function read(institutionId: string): Promise<void> {
  const operator = await fixture.person({ institutionId });
  await fixture.sql(
    `WITH agreement AS (INSERT INTO access.agreement (institution_id, number) VALUES ($1, 'PKS/UJI') RETURNING id),
     version AS (
       INSERT INTO access.agreement_version (agreement_id, version, effective_from, valid_from, valid_until, elements, modes,
         daily_quota, networks)
       SELECT id, 1, '2020-01-01', '2020-01-01', '2099-12-31', '{nik}', '{LOOKUP}', 1000, '{127.0.0.0/8}' FROM agreement
       RETURNING id),
     reader AS (
       INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at)
       VALUES ($1, 'Uji', 'Uji', 'RDR-9', 'Loket', now()) RETURNING id),
     begun AS (
       INSERT INTO access.reader_read (reader_id, institution_id, agreement_version_id, client_id, operator_id, service,
         reference, elements, began_at, deadline_at)
       SELECT reader.id, $1, version.id, 'portal', $2, 'SKU', '500/1/SKU', '{nik,alamat}', now(), now()
       FROM reader, version, generate_series(1, 2))
     INSERT INTO access.reader_offline (id, reader_id, institution_id, agreement_version_id, at, outcome, tries, permitted, taken_at)
     SELECT uuidv7(), reader.id, $1, version.id, now() - interval '1 hour', 'MATCHED', 2, true, now() FROM reader, version`,
    [institutionId, operator],
  );
  await fixture.sql(
    `UPDATE access.reader_read SET ended_at = now(), outcome = 'MATCHED', tries = 1, level = 'register-verified',
       verification_id = uuidv7()
     WHERE id = (SELECT max(id::text)::uuid FROM access.reader_read WHERE institution_id = $1)`,
    [institutionId],
  );
}

const open = (ids: string[], institutionId = fixture.kecamatan) =>
  askFacts(fixture, openAccessEvents, { institutionId, ids });
const idsOf = (institutionId: string) =>
  [...leaves.values()].filter((leaf) => leaf.institutionId === institutionId).map(({ id }) => id);

async function openAll(ids: string[]) {
  const pages = [];
  for (let at = 0; at < ids.length; at += mostOpened) pages.push(await open(ids.slice(at, at + mostOpened)));
  return pages.flatMap(({ events }) => events);
}

test('what is opened is what the leaf was made of, for every kind of act and of read', async () => {
  const ids = idsOf(fixture.kecamatan);
  const events = await openAll(ids);
  expect(events.map(({ id }) => id)).toEqual(ids);
  for (const { id, salt, content } of events) {
    const leaf = leaves.get(id);
    // as whoever has only the answer does it
    expect([leaf?.act, toHex(contentHash(Buffer.from(salt, 'base64'), JSON.parse(JSON.stringify(content))))]).toEqual([
      leaf?.act,
      leaf?.contentHash,
    ]);
  }
  const acts = new Set(events.map(({ id }) => leaves.get(id)?.act));
  expect([...recordNames, 'reader.read', 'reader.offline-check'].filter((act) => !acts.has(act))).toEqual([]);
});

test('nothing of another institution, no read that goes on, nothing that there is not', async () => {
  const ids = idsOf(fixture.neighbour);
  expect(ids).toHaveLength(3);
  expect(await open([...ids, '019ab3c4-5d6e-7f80-9123-456789abcdef'])).toEqual({ events: [], left: [] });
  const openReads = await fixture.sql<{ id: string }>('SELECT id FROM access.reader_read WHERE ended_at IS NULL');
  expect(openReads).toHaveLength(2);
  expect(await open(openReads.map(({ id }) => id))).toEqual({ events: [], left: [] });
});

test('no NIK and no secret is in any of it', async () => {
  const text = JSON.stringify(await openAll(idsOf(fixture.kecamatan)));
  expect(text).toContain('nikOnFile');
  expect(text).not.toMatch(/3313044107909901|secret_|"secret"/);
});

test('what does not fit one message is named, in the order asked for', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++)
    ids.unshift(
      await fixture.source.transaction((manager) =>
        record(manager, {
          ...{ institutionId: fixture.kecamatan, act: 'institution.update', subject: { type: 'uji', id: 'x' } },
          actor: atTheMachine,
          after: { text: 'x'.repeat(60_000) },
        }),
      ),
    );
  const first = await open(ids);
  expect(first.events.map(({ id }) => id)).toEqual(ids.slice(0, 3));
  expect(first.left).toEqual(ids.slice(3));
  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(256 * 1024);
});
