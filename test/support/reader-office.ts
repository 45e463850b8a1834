import type { JoinCodeIssued, ReadAnswer, ReaderDetail, SamDetail } from '#contracts';
import { addOperator, institutionIdOf } from './office-parts.js';
import { logInAs, openAccount } from './at-the-machine.js';
import type { LoggedInPerson } from './people.js';
import { purpose, type Office, type OfficeFile, type RunningStack } from './running-stack.js';
import { join, StandInAgent, type Credentials } from './stand-in-agent.js';

export const reason = 'Uji alat baca';
export const fingerprint = 'ab'.repeat(32);

/** An office with an admin who has logged in, and an activated SAM in a reader whose agent has joined. */
export interface ReaderOffice {
  office: Office;
  admin: LoggedInPerson;
  camat: LoggedInPerson;
  token: string;
  /** Of the administration. */
  path: string;
  reader: ReaderDetail;
  sam: SamDetail;
  credentials: Credentials;
}

let offices = 0;

/** @param url of the gateway at which its agent joins */
export async function openReaderOffice(
  stack: RunningStack,
  change?: (file: OfficeFile) => void,
  url = stack.url,
): Promise<ReaderOffice> {
  const tag = (offices += 1);
  const office = await stack.addOffice({
    change: (file) => {
      addOperator(file, 'kepala', { role: 'admin', username: `admin.alat${tag}` });
      addOperator(file, 'camat', { role: 'camat', username: `camat.alat${tag}` });
      addOperator(file, 'loket2');
      change?.(file);
    },
  });
  const admin = await logInAs(stack, await openAccount(stack, `admin.alat${tag}`));
  const camat = await logInAs(stack, await openAccount(stack, `camat.alat${tag}`));
  const path = `/v1/admin/institutions/${await institutionIdOf(stack, office)}`;
  const reader = await addReader(admin, path);
  const sam = await addSam(admin, path, reader.id);
  const credentials = await join(url, await joinCode(admin, path, reader.id));
  return { office, admin, camat, token: await stack.token(office), path, reader, sam, credentials };
}

export async function act<T>(person: LoggedInPerson, path: string, body: object = {}): Promise<T> {
  const answer = await person.send('POST', path, { reason, ...body });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

let serials = 0;
export const addReader = (admin: LoggedInPerson, path: string, workUnit = 'Pelayanan Umum') =>
  act<ReaderDetail>(admin, `${path}/readers`, {
    brand: 'Merek Uji',
    type: 'R-1',
    serial: `RDR-${(serials += 1)}`,
    workUnit,
  });

/** @param readerId where it is put; activated by then */
export async function addSam(admin: LoggedInPerson, path: string, readerId: string): Promise<SamDetail> {
  const serial = `SAM-${(serials += 1)}`;
  const letter = { number: '470/1/2026', date: '2026-01-02' };
  const { id } = await act<SamDetail>(admin, `${path}/sams`, { sifilmaNumber: `SIFILMA/${serial}`, letter });
  const done = { serial, pcidFingerprint: fingerprint, doneOn: '2026-01-05' };
  await act(admin, `${path}/sams/${id}/personalisation`, done);
  await act(admin, `${path}/sams/${id}/activation`, { doneOn: '2026-01-06' });
  return act<SamDetail>(admin, `${path}/sams/${id}/reader`, { readerId });
}

export const joinCode = async (admin: LoggedInPerson, path: string, readerId: string): Promise<string> =>
  (await act<JoinCodeIssued>(admin, `${path}/readers/${readerId}/join-code`)).joinCode;

/** The agent of an office, connected and reporting. */
export async function connectAgent({ credentials }: Pick<ReaderOffice, 'credentials'>): Promise<StandInAgent> {
  const agent = await StandInAgent.connect(credentials);
  await agent.report();
  return agent;
}

/** One read with one answer at the end. */
export function read(
  stack: RunningStack,
  { token, reader }: Pick<ReaderOffice, 'token' | 'reader'>,
  body: object = {},
  url = stack.url,
) {
  return stack.send<ReadAnswer & { code?: string; busy?: { by: string; since: string } }>(
    'POST',
    `/v1/readers/${reader.id}/reads`,
    {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ purpose, ...body }),
    },
    url,
  );
}
