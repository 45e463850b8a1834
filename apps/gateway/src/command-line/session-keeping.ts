import { getSession, logIn, SessionInfo, type Route } from '#contracts';
import { CommandFailure, exitStatus } from './exit-status.js';
import type { Answer } from './connection.js';
import { removeSession, saveSession, type SavedSession } from './session-file.js';

/** What is known of the session beside the answer. */
interface Known {
  url: string;
  ca?: string;
  session: SavedSession | undefined;
}

/**
 * After a success: keeps what a log-in answers, and later what the server renews: cookies by any answer, the CSRF token by
 * "who am I". The institution that a person belongs to is what a command means that names none.
 */
export async function keepSession(
  path: string,
  { operationId }: Route,
  { cookies: set, content }: Answer,
  { url, ca, session }: Known,
): Promise<void> {
  const tellsWho = operationId === logIn.operationId || operationId === getSession.operationId;
  if (!tellsWho && (!session || Object.keys(set).length === 0)) return;
  const cookies = Object.entries({ ...session?.cookies, ...set }).filter(
    (cookie): cookie is [string, string] => cookie[1] !== undefined,
  );
  // whoever ends the session that this one is leaves nothing to keep
  if (!tellsWho && cookies.length === 0) return removeSession(path);
  const who = tellsWho ? readWho(content) : session;
  if (!who || cookies.length === 0) throw new CommandFailure(exitStatus.unreachable, ['Jawaban tidak memuat sesi.']);
  await saveSession(path, {
    url,
    ...(ca === undefined ? {} : { ca }),
    cookies: Object.fromEntries(cookies),
    csrfToken: who.csrfToken,
    institutionId: who.institutionId,
  });
}

function readWho(content: Buffer): Pick<SavedSession, 'csrfToken' | 'institutionId'> | undefined {
  // a newer server may tell more than this contract knows
  const { data } = SessionInfo.pick({ csrfToken: true })
    .extend({ institution: SessionInfo.shape.institution.pick({ id: true }).loose() })
    .loose()
    .safeParse(JSON.parse(content.toString('utf8')));
  return data && { csrfToken: data.csrfToken, institutionId: data.institution.id };
}
