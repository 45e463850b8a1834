import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Io } from './io.js';

/** What a log-in leaves with the person who made it. Whoever can read it is that person. */
const SavedSession = z.object({
  url: z.string(),
  /** Path of the --ca of the log-in. */
  ca: z.string().exactOptional(),
  cookies: z.record(z.string(), z.string()),
  csrfToken: z.string(),
  institutionId: z.string(),
});
export type SavedSession = z.infer<typeof SavedSession>;

/** GERBANG_SESSION_FILE, or a place by the XDG Base Directory Specification. */
export function sessionPath({ environment }: Io): string {
  const { GERBANG_SESSION_FILE: named, XDG_STATE_HOME: state, HOME: home } = environment;
  return named || join(state || join(home || homedir(), '.local', 'state'), 'gerbang', 'session.json');
}

export async function findSession(path: string): Promise<SavedSession | undefined> {
  try {
    return SavedSession.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step, so that no reader sees a half and no other mode is inherited. */
export async function saveSession(path: string, session: SavedSession): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  await rm(next, { force: true });
  await writeFile(next, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(next, path);
}

export const removeSession = (path: string): Promise<void> => rm(path, { force: true });
