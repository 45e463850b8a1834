import { createHash, randomBytes } from 'node:crypto';
import type { InstitutionFile } from '#contracts';
import type { Office, OfficeFile, RunningStack } from './running-stack.js';

type Client = InstitutionFile['clients'][number];
type Operator = InstitutionFile['operators'][number];

/** The same office as seen by another of its clients. */
export interface ExtraClient {
  /** Ends the client's id, which is unique by the office's first client. */
  suffix: string;
  secret: string;
}

export function extraClient(suffix: string): ExtraClient {
  return { suffix, secret: randomBytes(24).toString('hex') };
}

/** Like the office's first client but for `changes`. */
export function addClient(file: InstitutionFile, { suffix, secret }: ExtraClient, changes: Partial<Client> = {}): void {
  const first = firstOf(file.clients);
  const secretSha256 = createHash('sha256').update(secret).digest('hex');
  file.clients.push({ ...first, id: `${first.id}-${suffix}`, secretSha256, ...changes });
}

/** Like the office's first operator but for `changes`. */
export function addOperator(file: InstitutionFile, userIdLokal: string, changes: Partial<Operator> = {}): void {
  file.operators.push({ ...firstOf(file.operators), userIdLokal, ...changes });
}

export function asClient(office: Office, { suffix, secret }: ExtraClient): Office {
  return { ...office, client: { id: `${office.client.id}-${suffix}`, secret } };
}

export function firstVersion(file: OfficeFile): OfficeFile['agreement']['versions'][number] {
  return firstOf(file.agreement.versions);
}

export async function institutionIdOf(stack: RunningStack, office: Office): Promise<string> {
  const rows = await stack.sql<{ id: string }>('SELECT id FROM access.institution WHERE region_code = $1', [
    office.file.institution.regionCode,
  ]);
  return firstOf(rows).id;
}

/** How many hits the ledger has for an office, whatever became of them. */
export async function hitsOf(stack: RunningStack, institutionId: string): Promise<number> {
  const rows = await stack.sql<{ hits: number }>(
    'SELECT count(*)::int AS hits FROM verification.hit WHERE institution_id = $1',
    [institutionId],
  );
  return firstOf(rows).hits;
}

export interface RefusalRow {
  id: string;
  verification_id: string;
  outcome: string;
  client_id: string;
  operator_id: string | null;
  mode: string | null;
  fields: string[];
  service: string | null;
  case_reference: string | null;
  agreement_version_id: string | null;
  nik_hmac: Buffer | null;
  hit_state: string | null;
}

/** The refusals that are on record for an office, oldest first. */
export function refusalsOf(stack: RunningStack, institutionId: string): Promise<RefusalRow[]> {
  return stack.sql<RefusalRow>(
    "SELECT * FROM verification.access_event WHERE institution_id = $1 AND kind = 'REFUSED' ORDER BY id",
    [institutionId],
  );
}

function firstOf<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('there is none');
  return first;
}
