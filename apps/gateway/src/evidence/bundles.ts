import { AsyncResource } from 'node:async_hooks';
import { beginExport, readExport, type RpcInput } from '#contracts';
import type { RpcClient } from '#service';
import { BundleStream, type Bundle } from './bundle-stream.js';

const pageDeadlineMs = 10_000;
/** How long a page, at most 256 kB, may wait for its reader. */
export const takeMs = 60_000;

/**
 * A bundle of an institution's log, from its first line on.
 *
 * @param exportedAt ISO, by the schema's clock
 * @throws {AppError} RESOURCE_NOT_FOUND, NOT_IN_CHECKPOINT
 */
export async function openBundle(
  bus: Pick<RpcClient, 'call'>,
  { id, name }: { id: string; name: string },
  bounds: Omit<RpcInput<typeof beginExport>, 'institutionId'>,
  exportedAt: string,
): Promise<{ bundle: Bundle; stream: BundleStream }> {
  const { logId, origin, ...begun } = await bus.call(
    beginExport,
    { institutionId: id, ...bounds },
    { deadlineMs: pageDeadlineMs },
  );
  const bundle = { origin, institution: { id, name }, ...begun, exportedAt };
  const part = { institutionId: id, logId, from: bundle.from, to: bundle.to };
  // pages are asked for from the socket's events, outside of the request's asynchronous scope
  const readPage = AsyncResource.bind((next: number) =>
    bus.call(readExport, { ...part, next }, { deadlineMs: pageDeadlineMs }),
  );
  return { bundle, stream: new BundleStream(bundle, readPage, takeMs) };
}
