import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  approveReport,
  draftReport,
  readReportForm,
  ReportContent,
  reviewReport,
  type NewReport,
  type ReportActor,
} from '#contracts';
import { makeBusClient, RpcClient } from '#service';
import {
  dayOfLookUps,
  delivery,
  dice,
  type AccessEvent,
  type Delivery,
  type OfficeRows,
} from './report-year/history.js';
import { independentFigures } from './report-year/independent-figures.js';
import { RunningStack } from './support/running-stack.js';
import { until } from './support/until.js';

/**
 * A year of two offices, with its leap day, an addendum in the middle of a semester and look-ups at every edge of a day in Jakarta: each
 * report says what SQL over the raw rows says. What is written here stands in for a year of work; the services are real.
 */
let stack: RunningStack;
let bus: RpcClient;
const closers: (() => Promise<unknown>)[] = [];
const offices: OfficeRows[] = [];
const days = Array.from({ length: 366 }, (_, n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10));

/** How the way to the ministry stood from when on; over midnight, over the leap day, over the end of a semester. */
const turns = [
  ['2024-02-29T23:50:00+07:00', 'open'],
  ['2024-02-29T23:55:00+07:00', 'trial'],
  ['2024-03-01T00:20:30+07:00', 'ready'],
  ['2024-04-10T10:00:00+07:00', 'access-broken'],
  ['2024-04-10T12:30:59+07:00', 'open'],
  ['2024-04-10T12:31:00+07:00', 'ready'],
  ['2024-05-31T20:00:00+07:00', 'quota-used-up'],
  ['2024-06-01T00:00:00+07:00', 'ready'],
  ['2024-06-30T23:00:00+07:00', 'open'],
  ['2024-07-01T01:00:00+07:00', 'ready'],
  ['2024-12-31T22:00:00+07:00', 'open'],
] as const;

beforeAll(async () => {
  stack = await RunningStack.start({
    replicas: { dataBalikan: 1, reporting: 1 },
    // nothing is signed but on demand, so that no checkpoint comes before the history that is written after it; nothing drafts or opens by itself
    env: {
      NIK_VERIFICATION_CHECKPOINT_EVERY_MS: '3600000',
      REPORTING_STEWARD_EVERY_MS: '3600000',
      REPORTING_OPENING_EVERY_MS: '3600000',
      DATA_BALIKAN_WORKERS: '0',
    },
  });
  const client = makeBusClient({
    servers: [stack.stack.nats.url],
    user: 'gateway',
    password: stack.stack.environmentOf('gateway').GATEWAY_NATS_PASSWORD ?? '',
  });
  await client.connect();
  closers.push(() => client.close());
  bus = new RpcClient(client);
  await setClock('2023-12-20T08:00:00+07:00');
  offices.push(await addOffice('2024-01-01', '2024-03-15'), await addOffice('2024-02-10', '2024-10-31'));
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  await stack.stop();
});

async function setClock(moment: string): Promise<void> {
  const at = new Date(moment).toISOString();
  const clocks = ['access.clock', 'verification.ledger_now', 'balikan.clock', 'reporting.clock'];
  await stack.sql(
    clocks
      .map(
        (name) =>
          `CREATE OR REPLACE FUNCTION ${name}() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT '${at}'::timestamptz $$;`,
      )
      .join('\n'),
  );
}

async function addOffice(from: string, addendumOn: string): Promise<OfficeRows> {
  const { file } = await stack.addOffice({
    change: ({ agreement, operators, clients }) => {
      const [terms] = agreement.versions;
      const [operator] = operators;
      const [client] = clients;
      if (!terms || !operator?.nda || !client) throw new Error('an office of the tests has all of them');
      const nda = { ...operator.nda, signedOn: '2023-12-19' };
      if (agreement.sptjm) agreement.sptjm.signedOn = '2023-12-19';
      Object.assign(terms, { effectiveFrom: from, validFrom: from, validUntil: '2024-11-30', dailyQuota: 12 });
      agreement.versions.push({ ...terms, effectiveFrom: addendumOn, validUntil: '2025-12-31', dailyQuota: 9 });
      const person = { ...operator, activeFrom: '2023-12-20', nda };
      operators.splice(
        0,
        1,
        { ...person, workUnit: 'Seksi Pelayanan' },
        { ...person, userIdLokal: 'loket2', workUnit: 'Seksi Ekonomi' },
        { ...person, userIdLokal: 'loket3', workUnit: 'Seksi Ekonomi', activeUntil: '2024-05-01' },
      );
      clients.push({ ...client, id: `${client.id}-kedua` });
    },
  });
  const [row] = await stack.sql<{ institutionId: string; agreementId: string }>(
    'SELECT institution_id AS "institutionId", id AS "agreementId" FROM access.agreement WHERE number = $1',
    [file.agreement.number],
  );
  if (!row) throw new Error('no agreement');
  const ids = async (sql: string) =>
    (await stack.sql<{ id: string }>(`SELECT id FROM access.${sql} ORDER BY id`, [row.institutionId])).map(
      ({ id }) => id,
    );
  const versionIds = await ids(
    'agreement_version WHERE agreement_id IN (SELECT id FROM access.agreement WHERE institution_id = $1)',
  );
  await stack.sql(
    `INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at, agent_public_key, agent_joined_at)
     SELECT $1, 'Contoh', 'Uji', 'RDR-' || n, (ARRAY['Seksi Pelayanan', 'Seksi Ekonomi'])[n], '2023-12-20', 'kunci', '2023-12-20'
     FROM generate_series(1, 2) AS n`,
    [row.institutionId],
  );
  return {
    ...row,
    versionIds: versionIds as [string, string],
    addendumOn,
    clientIds: await ids('client WHERE institution_id = $1'),
    operatorIds: await ids('operator WHERE institution_id = $1'),
    readerIds: await ids('reader WHERE institution_id = $1'),
  };
}

// the year, as it is written

const histories = new Map<string, AccessEvent[]>();
const written = new Map<string, number>();

const historyOf = (office: OfficeRows): AccessEvent[] => {
  const known = histories.get(office.institutionId);
  if (known) return known;
  const roll = dice(offices.indexOf(office) + 1);
  const begins = offices.indexOf(office) === 0 ? '2024-01-01' : '2024-02-10';
  const made = days.filter((day) => day >= begins).flatMap((day) => dayOfLookUps(office, day, 14, roll));
  made.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  histories.set(office.institutionId, made);
  return made;
};

/** Everything up to a moment, in the order of its times. */
async function write(office: OfficeRows, moment: string): Promise<AccessEvent[]> {
  const history = historyOf(office);
  const begin = written.get(office.institutionId) ?? 0;
  const bound = new Date(moment).toISOString();
  let end = begin;
  while (end < history.length && (history[end]?.at ?? '') < bound) end += 1;
  written.set(office.institutionId, end);
  const part = history.slice(begin, end);
  if (part.length === 0) return part;
  const columns = Object.keys(part[0] ?? {});
  const value = (column: string) => (/_hmac$/.test(column) ? `decode(one.${column}, 'hex')` : `one.${column}`);
  const type = (column: string) =>
    column === 'fields'
      ? 'text[]'
      : column === 'at'
        ? 'timestamptz'
        : column === 'latency_ms'
          ? 'integer'
          : /(^|[^t])_id$|^id$/.test(column) && column !== 'client_id'
            ? 'uuid'
            : 'text';
  await stack.sql(
    `INSERT INTO verification.access_event (${columns.join(', ')})
     SELECT ${columns.map(value).join(', ')}
     FROM jsonb_to_recordset($1) AS one (${columns.map((column) => `${column} ${type(column)}`).join(', ')}) ORDER BY one.at, one.id`,
    [JSON.stringify(part)],
  );
  return part;
}

async function turnGates(moment: string, state: string): Promise<void> {
  await setClock(moment);
  for (const { institutionId } of offices)
    await stack.sql(
      `INSERT INTO verification.upstream_gate (institution_id, state, since) VALUES ($1, $2, verification.ledger_now())
       ON CONFLICT (institution_id) DO UPDATE SET state = $2, since = verification.ledger_now()`,
      [institutionId, state],
    );
}

/** Reads and deliveries of a part of the year; some deliveries never come, some records are refused. */
async function writeReports(
  office: OfficeRows,
  part: readonly AccessEvent[],
  moment: string,
  roll: (sides: number) => number,
) {
  const asked = part.filter(({ kind }) => kind === 'REQUESTED');
  const reads = asked
    .filter(() => roll(12) === 0)
    .map(({ verification_id, at, service, agreement_version_id, client_id, operator_id }) => ({
      reader: office.readerIds[roll(2)],
      version: agreement_version_id,
      client: client_id,
      operator: operator_id ?? office.operatorIds[0],
      service,
      at,
      outcome: roll(4) === 0 ? 'NOT_MATCHED' : roll(6) === 0 ? 'CARD_REMOVED' : 'MATCHED',
      tries: 1 + roll(4),
      look_up: roll(3) === 0 ? verification_id : null,
    }));
  await stack.sql(
    `WITH begun AS (
       INSERT INTO access.reader_read (reader_id, institution_id, agreement_version_id, client_id, operator_id, service, reference,
         elements, began_at, deadline_at)
       SELECT reader, $1, version, client, operator, service, '500/1', '{nik}', at, at + interval '1 minute'
       FROM jsonb_to_recordset($2) AS one (reader uuid, version uuid, client text, operator uuid, service text, at timestamptz)
       RETURNING id)
     SELECT count(*) FROM begun`,
    [office.institutionId, JSON.stringify(reads)],
  );
  // each ends a second after it began; the trigger queues it for the evidence log
  await stack.sql(
    `UPDATE access.reader_read AS read SET ended_at = began_at + interval '1 second', outcome = one.outcome, tries = one.tries,
       level = CASE one.outcome WHEN 'MATCHED' THEN 'card-verified' END, verification_id = one.look_up
     FROM jsonb_to_recordset($2) AS one (reader uuid, at timestamptz, service text, outcome text, tries integer, look_up uuid)
     WHERE read.institution_id = $1 AND read.ended_at IS NULL AND read.reader_id = one.reader AND read.began_at = one.at
       AND read.service = one.service`,
    [office.institutionId, JSON.stringify(reads)],
  );
  await stack.sql(
    `INSERT INTO access.reader_offline (id, reader_id, institution_id, agreement_version_id, at, outcome, tries, permitted, taken_at)
     SELECT uuidv7(), $2, $1, $3, $4::timestamptz - n * interval '9 days', 'MATCHED', 2, true, $4::timestamptz - n * interval '9 days'
     FROM generate_series(1, 3) AS n`,
    [office.institutionId, office.readerIds[1], office.versionIds[0], moment],
  );
  const business = asked.filter(({ service }) => service === 'SKU' || service === 'NIB');
  const records = business.flatMap(({ verification_id, at }, n) => {
    const fate = roll(5);
    const receipt = (['SUCCESS', 'ALREADY_SENT', 'MEDIA'] as const)[roll(3)] ?? 'SUCCESS';
    const sent = delivery(verification_id, at, n, receipt);
    const state = ['', 'DEAD', 'WAITING'][fate] ?? (receipt === 'MEDIA' ? 'HANDED_OVER' : 'DELIVERED');
    return state === '' ? [] : [recordOf(sent, state, `${moment} ${n}`)];
  });
  await stack.sql(
    `WITH given AS (
       SELECT *, state IN ('DELIVERED', 'HANDED_OVER') AS arrived
       FROM jsonb_to_recordset($4) AS one (id uuid, leaf uuid, at timestamptz, state text, receipt text, key text, look_up uuid,
         number text, date date, name text, type text, salt text, hash text)
     ), records AS (
       INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
         register_number, register_key, register_date, business_name, business_type, verification_id, source, client_id, accepted_at,
         salt, state, due_at, delivered_at, receipt, media_package_id)
       SELECT id, $1, $2, $3, sha256(uuid_send(id)), CASE WHEN NOT arrived THEN 'tersegel'::bytea END, 'seal', number, key, date, name,
         type, look_up, 'FORM', 'uji', at, decode(salt, 'hex'), state, 'infinity', CASE WHEN arrived THEN at END,
         CASE WHEN arrived THEN receipt END, CASE state WHEN 'HANDED_OVER' THEN id END
       FROM given
     )
     INSERT INTO balikan.evidence_outbox (id, at, institution_id, act, actor_id, subject, content_hash)
     SELECT leaf, at, $1, 'data-balikan.delivered', NULL, id, decode(hash, 'hex') FROM given WHERE arrived`,
    [office.institutionId, office.agreementId, office.versionIds[0], JSON.stringify(records)],
  );
}

const recordOf = ({ id: leaf, at, salt, content, contentHash }: Delivery, state: string, key: string) => ({
  ...{ id: randomUUID(), leaf, at, state, key, receipt: content.receipt, look_up: content.verificationId },
  ...{ number: content.nomorRegister, date: content.tanggal, name: content.namaUsaha, type: content.jenisUsaha },
  ...{ salt: salt.toString('hex'), hash: contentHash.toString('hex') },
});

let reached = '2023-12-20T08:00:00+07:00';
const roll = dice(7);

/** The year goes on up to a moment; what other services keep has reached the log then. */
async function live(moment: string): Promise<void> {
  const parts = new Map(offices.map((office) => [office, [] as AccessEvent[]]));
  const goTo = async (stop: string) => {
    for (const office of offices) parts.get(office)?.push(...(await write(office, stop)));
  };
  for (const [at, state] of turns) {
    if (Date.parse(at) <= Date.parse(reached) || Date.parse(at) > Date.parse(moment)) continue;
    await goTo(at);
    await turnGates(at, state);
  }
  await goTo(moment);
  await setClock(moment);
  for (const office of offices) await writeReports(office, parts.get(office) ?? [], moment, roll);
  reached = moment;
  await until(async () => {
    const [row] = await stack.sql<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM access.read_outbox) OR EXISTS (SELECT FROM access.evidence_outbox)
         OR EXISTS (SELECT FROM balikan.evidence_outbox) AS waiting`,
    );
    return row?.waiting === false;
  });
}

const actor = (office: OfficeRows, role: ReportActor['role']): ReportActor => ({
  institutionId: office.institutionId,
  operatorId: office.operatorIds[0] ?? null,
  name: 'Pejabat Uji',
  role,
});

async function draft(office: OfficeRows, report: NewReport): Promise<ReportContent> {
  const { id } = await bus.call(draftReport, { actor: actor(office, 'admin'), report }, { deadlineMs: 60_000 });
  const bytes: Buffer[] = [];
  for (let n = 0, last = false; !last; n += 1) {
    const piece = await bus.call(
      readReportForm,
      { actor: actor(office, 'admin'), id, form: 'JSON', n },
      { deadlineMs: 30_000 },
    );
    bytes.push(Buffer.from(piece.bytes, 'base64'));
    last = piece.last;
  }
  return ReportContent.parse(JSON.parse(Buffer.concat(bytes).toString('utf8')));
}

async function expectSameAsSql(content: ReportContent): Promise<void> {
  const { asOf, period, figures, institution } = content;
  const { register: _, ...counted } = figures;
  const size = asOf.checkpoints.at(-1)?.size ?? 0;
  const asked = { institutionId: institution.id, from: period.from, until: period.until, size, at: asOf.at };
  expect(counted).toEqual(await independentFigures(stack, asked));
}

async function approve(office: OfficeRows, id: string): Promise<void> {
  await bus.call(reviewReport, { actor: actor(office, 'admin'), id }, { deadlineMs: 30_000 });
  await bus.call(approveReport, { actor: actor(office, 'camat'), id }, { deadlineMs: 30_000 });
}

describe('the year of two offices', () => {
  const reports: ReportContent[] = [];

  test('the report of June, which is drafted before its semester is over', async () => {
    await live('2024-06-01T09:00:00+07:00');
    for (const office of offices) {
      const content = await draft(office, { year: 2024, semester: 1 });
      reports.push(content);
      await expectSameAsSql(content);
      const { lookUps, quota, readers, dataBalikan, incidents } = content.figures;
      // the leap day is there, the edges of days are where they belong, and every kind of thing has happened
      expect(lookUps.days.find(({ day }) => day === '2024-02-29')).toBeDefined();
      expect(lookUps.total.requests).toBeGreaterThan(500);
      for (const count of [lookUps.total.released, lookUps.total.unknown, lookUps.total.pending, lookUps.total.refused])
        expect(count).toBeGreaterThan(0);
      expect(quota.exhaustedDays).toBeGreaterThan(0);
      expect(readers.byReader).toHaveLength(2);
      for (const count of Object.values(dataBalikan.coverage.total)) expect(count).toBeGreaterThan(0);
      expect(incidents.map(({ minutes }) => minutes)).toEqual([30, 150, null, null]);
      await approve(office, content.id);
    }
    const [first, second] = reports;
    expect(first?.figures.quota).toMatchObject({ days: 153, granted: 74 * 12 + 79 * 9 });
    expect(second?.figures.quota).toMatchObject({ days: 113, granted: 113 * 12 });
    expect(first?.figures.register.operators).toEqual({ active: 2, withNda: 2, withoutNda: 0, ended: 1 });
    expect(first?.figures.register.sptjm).toBe(true);
  });

  test('its supplement carries the rest', async () => {
    await live('2024-07-01T09:00:00+07:00');
    for (const [n, office] of offices.entries()) {
      const before = reports[n];
      const content = await draft(office, { supplements: before?.id ?? '' });
      await expectSameAsSql(content);
      expect(content.reported).toMatchObject({
        hits: before?.figures.lookUps.total.hits,
        refused: before?.figures.lookUps.total.refused,
        reads: before?.figures.readers.reads,
        delivered: before?.figures.dataBalikan.delivered,
      });
      expect(content.figures.lookUps.total.hits).toBeGreaterThan(before?.figures.lookUps.total.hits ?? 0);
      // the breaker that was open over the end of the semester
      expect(content.figures.incidents[0]).toEqual({ kind: 'BREAKER_OPEN', count: 3, minutes: 90 });
    }
  });

  test('the second semester, an addendum that makes up for a term that had run out, and any other period', async () => {
    await live('2024-12-31T23:59:59+07:00');
    for (const [n, office] of offices.entries()) {
      await expectSameAsSql(await draft(office, { year: 2024, semester: 2 }));
      await expectSameAsSql(await draft(office, { from: '2024-02-29', until: '2024-02-29' }));
      const whole = await draft(office, { from: '2024-01-01', until: '2024-12-31' });
      await expectSameAsSql(whole);
      expect(whole.figures.quota.days).toBe(n === 0 ? 366 : 326);
    }
  });
});
