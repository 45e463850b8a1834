import { uuidv7 } from 'uuidv7';
import type { InstitutionKind, NdaStatement, OperatorRecord, Role } from '#contracts';
import { AppError } from '#service';
import { Nda, Operator } from '../access/entities.js';
import { refuseInvalid, type ActContext, type Issue } from '../administration/act.js';
import type { SealingKey } from '#service/keys/sealing-key';
import { Account } from '../sessions/entities.js';
import { usernameOf } from '../sessions/username.js';

const rolesOf: Record<InstitutionKind, readonly Role[]> = {
  kecamatan: ['operator', 'camat', 'admin'],
  disdukcapil: ['admin', 'evaluator'],
};

interface RowOptions {
  /** Seals the official's own NIK; must be there for a record that names one. */
  sealing?: SealingKey;
  /** Where the record stands in the request, for the issues. */
  path?: string;
}

/**
 * Writes somebody with NDA and account, after every check.
 *
 * @returns the new id
 * @throws {AppError} REQUEST_INVALID with all issues, ALREADY_EXISTS
 */
export async function createOperatorRow(
  context: ActContext,
  record: OperatorRecord,
  { sealing, path = 'operator' }: RowOptions = {},
): Promise<string> {
  const { manager, institution, now } = context;
  refuseInvalid(faultsOfRecord(context, record, path));
  await refuseTaken(context, record, path);
  const id = uuidv7();
  if (record.nik !== undefined && !sealing) throw new Error('a NIK is only kept sealed');
  await manager.insert(Operator, {
    id,
    institutionId: institution.id,
    userIdLokal: record.userIdLokal,
    role: record.role,
    fullName: record.fullName,
    nip: record.nip ?? null,
    employmentStatus: record.employmentStatus ?? null,
    position: record.position ?? null,
    workUnit: record.workUnit ?? null,
    officeName: record.officeName ?? null,
    officeAddress: record.officeAddress ?? null,
    officeRegionCode: record.officeRegionCode ?? null,
    workingHours: record.workingHours ?? null,
    activeFrom: record.activeFrom,
    activeUntil: record.activeUntil ?? null,
    nikSealed: record.nik === undefined || !sealing ? null : await sealing.seal(record.nik, `nik:${id}`),
  });
  if (record.nda) await manager.insert(Nda, { operatorId: id, ...record.nda, recordedAt: now });
  const username = await freeUsername(context, record.userIdLokal, record.username, path);
  await manager.insert(Account, { operatorId: id, username });
  return id;
}

/** The record as it goes on record: never the NIK. */
export function withoutNik({ nik, ...rest }: OperatorRecord) {
  return { ...rest, nikOnFile: nik !== undefined };
}

function faultsOfRecord(context: ActContext, { role, nda }: OperatorRecord, path: string): Issue[] {
  const { actor, institution } = context;
  const faults = nda ? faultsOfNda(context, nda, `${path}.nda`) : [];
  // demo and tests have one office with all roles
  const seeded = actor.kind === 'command-line' && role === 'evaluator';
  const allowed = rolesOf[institution.kind];
  if (!allowed.includes(role) && !seeded)
    faults.push({ path: `${path}.role`, message: `Di instansi ini pilih peran: ${allowed.join(', ')}.` });
  return faults;
}

/** A pledge is recorded when it has been signed; a file that brings in test data may be ahead of it. */
export function faultsOfNda({ actor, today }: ActContext, { signedOn }: NdaStatement, path: string): Issue[] {
  if (actor.kind === 'command-line' || signedOn <= today) return [];
  return [{ path: `${path}.signedOn`, message: 'Tanggal tanda tangan belum tiba. Catat NDA setelah ditandatangani.' }];
}

async function refuseTaken(
  { manager, institution }: ActContext,
  { userIdLokal }: OperatorRecord,
  path: string,
): Promise<void> {
  if (!(await manager.existsBy(Operator, { institutionId: institution.id, userIdLokal }))) return;
  const message = 'User ID lokal ini sudah dipakai di instansi ini. Pilih yang lain.';
  throw new AppError('ALREADY_EXISTS', { issues: [{ path: `${path}.userIdLokal`, message }] });
}

/**
 * The wanted log-in name, or else the User ID lokal, or else that with the region's code.
 *
 * @throws {AppError} ALREADY_EXISTS
 */
export async function freeUsername(
  { manager, institution }: ActContext,
  userIdLokal: string,
  wanted?: string,
  path = 'operator',
): Promise<string> {
  const names = wanted === undefined ? [userIdLokal, `${userIdLokal}.${institution.regionCode}`] : [wanted];
  for (const name of names) {
    const username = usernameOf(name);
    if (!(await manager.existsBy(Account, { username }))) return username;
  }
  const message = 'Nama pengguna ini sudah dipakai orang lain. Tulis nama pengguna lain.';
  throw new AppError('ALREADY_EXISTS', { issues: [{ path: `${path}.username`, message }] });
}
