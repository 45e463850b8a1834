import { tmpdir } from 'node:os';
import type { Place } from '../search/place-search.js';

/** Folders that every process may write to. What others wrote there at the same time is searched along. */
export function temporaryFolders(begun: Date, own: string): Place[] {
  const folders = new Set([tmpdir(), '/tmp', '/var/tmp', '/dev/shm']);
  return [...folders].map((folder) => ({
    name: `sementara: ${folder}`,
    folder,
    changedSince: begun,
    except: [own],
    // the installation makes none itself: they are of tests, benchmarks and other proofs that run at the same time
    foreignNames: /^gerbang-/,
    shared: true,
  }));
}
