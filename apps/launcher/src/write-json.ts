import { renameSync, writeFileSync } from 'node:fs';

/** Whole or not at all, and for this user only. */
export function writeJson(path: string, content: unknown): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
