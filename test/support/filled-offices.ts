import { randomBytes, randomUUID } from 'node:crypto';
import { addAgreementVersion, stopInstitution, type InstitutionFile, type Role } from '#contracts';
import { sampleRequest } from './answers.js';
import { firstVersion, institutionIdOf } from './office-parts.js';
import { ofOwnPage, openSessions, type OpenSession } from './open-session.js';
import { findInstitutionTables, telling, textsOf } from './rows-of-institution.js';
import { purpose, type Office, type RunningStack } from './running-stack.js';

/** An institution with something of everything, all of it marked as its own. */
export interface FilledOffice {
  mark: string;
  regionCode: string;
  institutionId: string;
  /** By the names that paths have for them. */
  ids: Record<string, string>;
  people: Partial<Record<Role, OpenSession>>;
  /** What only rows of this institution hold, by table. */
  texts: Map<string, Set<string>>;
  office?: Office;
}

export const nik = '3313043108859903';

const sha256 = 'ab'.repeat(32);

function personOf(role: Role, mark: string): InstitutionFile['operators'][number] {
  return {
    userIdLokal: `${role}.${mark}`,
    username: `masuk.${role}.${mark}`,
    fullName: `Petugas ${role} ${mark}`,
    role,
    position: `Jabatan ${mark}`,
    activeFrom: '2026-01-01',
    ...(role === 'operator' ? { nik } : {}),
    nda: { number: `NDA/${role}/${mark}`, signedOn: '2026-01-01', documentSha256: sha256 },
  };
}

/** Fills the path of a route with the ids of an office; `others` take the place of some. */
export const fillPath = (path: string, ids: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');

export async function addKecamatan(stack: RunningStack, regionCode: string): Promise<FilledOffice> {
  let mark = '';
  const office = await stack.addOffice({
    change: (file) => {
      mark = file.institution.name.split(' ').at(-1) ?? '';
      Object.assign(file.institution, { regionCode, address: `Jl. Uji ${mark}` });
      Object.assign(file.agreement, { counterpartNumber: `470/${mark}` });
      Object.assign(file.agreement.sptjm ?? {}, { number: `SPTJM/${mark}` });
      Object.assign(firstVersion(file), { userIdOwner: { name: `Pemilik ${mark}`, position: 'Camat' } });
      file.operators = (['operator', 'camat', 'admin'] as const).map((role) => personOf(role, mark));
      Object.assign(file.clients[0] ?? {}, { name: `Aplikasi ${mark}`, defaultOperator: `operator.${mark}` });
    },
  });
  const filled = await describe(stack, mark, regionCode, await institutionIdOf(stack, office));
  return { ...(await fill(stack, filled, office)), office };
}

export async function addDisdukcapil(stack: RunningStack, regionCode: string): Promise<FilledOffice> {
  const mark = `d-${randomBytes(3).toString('hex')}-9`;
  await stack.provision({
    institution: { name: `Disdukcapil ${mark}`, regionCode, address: `Jl. Uji ${mark}` },
    operators: (['evaluator', 'admin'] as const).map((role) => personOf(role, mark)),
    clients: [],
  });
  const [row] = await stack.sql<{ id: string }>('SELECT id FROM access.institution WHERE region_code = $1', [
    regionCode,
  ]);
  return describe(stack, mark, regionCode, row?.id ?? '');
}

async function describe(
  stack: RunningStack,
  mark: string,
  regionCode: string,
  institutionId: string,
): Promise<FilledOffice> {
  const rows = await stack.sql<{ id: string; role: Role }>(
    'SELECT id, role FROM access.operator WHERE institution_id = $1 ORDER BY id',
    [institutionId],
  );
  const sessions = await openSessions(
    stack,
    rows.map(({ id }) => ({ operatorId: id })),
  );
  const people = Object.fromEntries(rows.map(({ role }, index) => [role, sessions[index]]));
  const texts = new Map<string, Set<string>>();
  return { mark, regionCode, institutionId, ids: { institutionId }, people, texts };
}

/** By people where it goes fast, and by the rows themselves where something would have to end for it. */
async function fill(stack: RunningStack, filled: FilledOffice, office: Office): Promise<FilledOffice> {
  const { mark, institutionId, people } = filled;
  const [version] = await stack.sql<{ agreementId: string; id: string }>(
    `SELECT agreement_version.id, agreement_id AS "agreementId" FROM access.agreement_version
     JOIN access.agreement ON agreement.id = agreement_id WHERE institution_id = $1`,
    [institutionId],
  );
  const agreementId = version?.agreementId ?? '';
  const ofOperator = '(SELECT id FROM access.operator WHERE institution_id = $1 AND user_id_lokal = $2)';
  await stack.verify(await stack.token(office, { operator: `operator.${mark}` }), { nik, purpose });
  const act = async (by: OpenSession | undefined, route: { path: string }, body: object) => {
    const answer = await stack.send('POST', fillPath(route.path, { institutionId, agreementId }), {
      headers: { ...ofOwnPage(by ?? { cookie: '', csrf: '' }), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status >= 300) throw new Error(answer.text);
  };
  const { terms } = JSON.parse(sampleRequest(addAgreementVersion).body ?? '') as { terms: object };
  const proposed = { ...terms, effectiveFrom: '2099-01-01', validFrom: '2026-01-01', validUntil: '2099-12-31' };
  await act(people.admin, addAgreementVersion, { terms: proposed, reason: `Usul ${mark}` });
  await act(people.camat, stopInstitution, { reason: `Putus ${mark}` });
  const [old] = await stack.sql<{ id: string }>(
    `INSERT INTO access.agreement (institution_id, number, terminated_at, termination_reason, closing_at, closed_at)
     VALUES ($1, $2, now(), $3, now(), now()) RETURNING id`,
    [institutionId, `PKS/LAMA/${mark}`, `Berakhir ${mark}`],
  );
  await stack.sql("INSERT INTO access.closing_step VALUES ($1, 'FINAL_REPORT', true, $2, '2026-01-05', $3, now())", [
    old?.id,
    `TT/${mark}`,
    `Catatan ${mark}`,
  ]);
  await stack.sql(
    `INSERT INTO access.admin_event (at, institution_id, act, subject_type, subject_id, actor_kind)
     VALUES (now(), $1, 'agreement.close', 'agreement', $2, 'system')`,
    [institutionId, old?.id],
  );
  await stack.sql('INSERT INTO access.end_warning VALUES ($1, 90, now())', [version?.id]);
  const person = [institutionId, `camat.${mark}`];
  await stack.sql(`INSERT INTO access.recovery_code VALUES (${ofOperator}, sha256(convert_to($2, 'UTF8')))`, person);
  await stack.sql(
    `UPDATE access.account SET password_hash = 'argon2id-' || $2, activation_sha256 = sha256(convert_to('a' || $2, 'UTF8'))
     WHERE operator_id = ${ofOperator}`,
    person,
  );
  const [ids] = await stack.sql<Record<string, string>>(
    `SELECT ${ofOperator} AS "operatorId",
       (SELECT id FROM access.client WHERE institution_id = $1) AS "clientId",
       (SELECT id FROM access.proposal WHERE institution_id = $1) AS "proposalId",
       (SELECT id FROM access.session WHERE operator_id = ${ofOperator}) AS "sessionId"`,
    person,
  );
  const id = await addDeadRecord(stack, institutionId, version, mark);
  const ofReaders = await addReader(stack, institutionId, { agreementId, versionId: version?.id ?? '', mark });
  return { ...filled, ids: { institutionId, id, ...ids, ...ofReaders, agreementId: old?.id ?? agreementId } };
}

/** A reader with a SAM, a read, a check without a line, and an exception. */
async function addReader(
  stack: RunningStack,
  institutionId: string,
  { agreementId, versionId, mark }: { agreementId: string; versionId: string; mark: string },
): Promise<{ readerId: string; samId: string }> {
  const [ids] = await stack.sql<{ readerId: string; samId: string }>(
    `WITH who AS (SELECT id FROM access.operator WHERE institution_id = $1 AND user_id_lokal = 'operator.' || $4),
     reader AS (
       INSERT INTO access.reader (institution_id, brand, type, serial, work_unit, registered_at, join_code_sha256)
       VALUES ($1, 'Merek ' || $4, 'Tipe', 'RDR-' || $4, 'Unit ' || $4, now(), sha256(convert_to('kode ' || $4, 'UTF8'))) RETURNING id),
     sam AS (
       INSERT INTO access.sam (institution_id, agreement_id, sifilma_number, letter_number, letter_date, requested_at)
       VALUES ($1, $2, 'SIFILMA/' || $4, '470/SAM/' || $4, '2026-01-05', now()) RETURNING id),
     assignment AS (
       INSERT INTO access.sam_assignment (sam_id, reader_id, assigned_at) SELECT sam.id, reader.id, now() FROM sam, reader),
     read AS (
       INSERT INTO access.reader_read (reader_id, institution_id, agreement_version_id, client_id, operator_id, service, reference,
         elements, began_at, deadline_at, ended_at, outcome)
       SELECT reader.id, $1, $3, 'portal', who.id, 'SKU', 'R/' || $4, '{nik}', now(), now(), now(), 'NOT_MATCHED'
       FROM reader, who RETURNING id),
     offline AS (
       INSERT INTO access.reader_offline (id, reader_id, institution_id, at, outcome, tries, permitted, taken_at)
       SELECT uuidv7(), reader.id, $1, now(), 'MATCHED', 1, true, now() FROM reader),
     exception AS (
       INSERT INTO access.reader_exception (reader_id, institution_id, read_id, service, reference, reason, note, requested_by,
         requested_at)
       SELECT reader.id, $1, read.id, 'SKU', 'E/' || $4, 'WORN_FINGER', 'Aus ' || $4, who.id, now() FROM reader, read, who)
     SELECT reader.id AS "readerId", sam.id AS "samId" FROM reader, sam`,
    [institutionId, agreementId, versionId, mark],
  );
  return ids ?? { readerId: '', samId: '' };
}

/** Data balikan that the ministry refused for good: whoever may would send them again. */
async function addDeadRecord(
  stack: RunningStack,
  institutionId: string,
  version: { agreementId: string; id: string } | undefined,
  mark: string,
): Promise<string> {
  const id = randomUUID();
  await stack.sql(
    `INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
       register_number, register_key, register_date, business_name, business_type, verification_id, source, client_id,
       accepted_at, salt, state, failure, due_at)
     VALUES ($1, $2, $3, $4, sha256('a'), 'tersegel', 'seal-uji', $5, $5, '2026-01-05', $6, 'Perdagangan', $1, 'FORM', 'portal',
       now(), sha256('b'), 'DEAD', 'REFUSED', now())`,
    [id, institutionId, version?.agreementId, version?.id, `500/${mark}`, `Warung ${mark}`],
  );
  return id;
}

/** Reads what each of them has on file, so that it can be looked for in answers to the others. */
export async function readTexts(stack: RunningStack, offices: readonly FilledOffice[]): Promise<void> {
  const tables = await findInstitutionTables(stack);
  for (const office of offices) {
    office.texts = await textsOf(stack, tables, office.institutionId);
    const evidence = await stack.sql<{ row: unknown }>(
      'SELECT to_jsonb(one) AS row FROM verification.access_event AS one WHERE institution_id = $1',
      [office.institutionId],
    );
    const balikan = await stack.sql<{ row: unknown }>(
      'SELECT to_jsonb(one) AS row FROM balikan.record AS one WHERE institution_id = $1',
      [office.institutionId],
    );
    office.texts.set('data balikan', new Set(balikan.flatMap(({ row }) => telling(row))));
    office.texts.set('evidence', new Set(evidence.flatMap(({ row }) => telling(row))));
  }
}

/** What the answer to somebody of `reader` must not hold of `other`. */
export function foreignTexts(reader: FilledOffice, other: FilledOffice): string[] {
  const own = [...reader.texts.values()].flatMap((texts) => [...texts]).join('\n');
  return [...new Set([...other.texts.values()].flatMap((texts) => [...texts]))].filter((text) => !own.includes(text));
}
