import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { BundleStream } from '../../apps/gateway/src/evidence/bundle-stream.js';
import { BundleExport } from '../../apps/nik-verification/src/evidence/bundle-export.js';
import type { Proofs } from '../../apps/nik-verification/src/evidence/proofs.js';

const takeMs = 60_000;

export interface WrittenBundle {
  path: string;
  bytes: number;
  leaves: number;
  seconds: number;
}

/** Writes the whole log as a bundle, page by page as the gateway hands it out, but for bus and HTTP. */
export async function writeBundle(
  pool: Pool,
  proofs: Proofs,
  institutionId: string,
  path: string,
): Promise<WrittenBundle> {
  const startedAt = performance.now();
  const bundles = new BundleExport(pool, proofs);
  const { logId, ...begun } = await bundles.begin({ institutionId, from: 0 });
  const { from, to } = begun;
  const bundle = {
    ...begun,
    institution: { id: institutionId, name: 'Tolok Ukur' },
    exportedAt: new Date().toISOString(),
  };
  const readPage = (next: number) => bundles.read({ institutionId, logId, from, next, to });
  await pipeline(new BundleStream(bundle, readPage, takeMs), createWriteStream(path, { mode: 0o600 }));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { path, bytes: (await stat(path)).size, leaves: to - from, seconds };
}
