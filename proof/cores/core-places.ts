import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import type { Place } from '../search/place-search.js';

/** Where programs that take core dumps keep them: systemd-coredump, apport, abrt. */
const keepers = ['/var/lib/systemd/coredump', '/var/lib/apport/coredump', '/var/crash', '/var/spool/abrt'];

/** What the kernel does with a core dump; empty where that cannot be told. */
export function corePattern(): string {
  try {
    return readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  } catch {
    return '';
  }
}

/** All places at which a core dump of this installation may have come to lie, but for the folders of the installation. */
export function corePlaces(begun: Date): Place[] {
  const pattern = corePattern();
  const named = isAbsolute(pattern) ? [dirname(pattern)] : [];
  const folders = [...named, ...keepers].filter((folder) => existsSync(folder));
  return [
    { name: 'folder kerja', folder: process.cwd(), changedSince: begun, topOnly: true, shared: true },
    ...[...new Set(folders)].map((folder) => ({
      name: `core dump: ${folder}`,
      folder,
      changedSince: begun,
      shared: true,
    })),
  ];
}
