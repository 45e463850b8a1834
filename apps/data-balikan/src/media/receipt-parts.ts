import type { MediaReceipt } from '#contracts';
import { AppError } from '#service';
import type { Queries } from './media.repository.js';

/**
 * Takes one part of a receipt. Parts wait beside the pieces of the file, at negative numbers, and go when they do.
 *
 * @returns the whole receipt with its last part, else undefined
 * @throws {AppError} REQUEST_INVALID when the last part is there and another one is not, or says something else
 */
export async function gatherReceipt(
  db: Queries,
  packageId: string,
  given: MediaReceipt,
): Promise<MediaReceipt | undefined> {
  const { part, last } = given;
  if (part === 1) await removeParts(db, packageId);
  if (part === 1 && last) return given;
  await db.query(
    `INSERT INTO balikan.media_chunk (package_id, n, bytes) VALUES ($1, $2, $3)
     ON CONFLICT (package_id, n) DO UPDATE SET bytes = excluded.bytes`,
    [packageId, -part, Buffer.from(JSON.stringify(given))],
  );
  if (!last) return undefined;
  const parts = await findParts(db, packageId);
  const gap = parts.findIndex((one, at) => one.part !== at + 1);
  if (gap >= 0) throw again('part', `Bagian ${gap + 1} dari tanda terima ini belum diterima`);
  if (parts.length !== part) throw again('part', `Sesudah bagian ${part} masih ada bagian lain`);
  if (parts.some((one) => !isOfSame(one, given)))
    throw again('number', 'Nomor, tanggal, dan jumlah tidak sama pada semua bagian');
  await removeParts(db, packageId);
  return { ...given, part: 1, refusedRegisters: parts.flatMap(({ refusedRegisters }) => refusedRegisters) };
}

const again = (path: string, what: string): AppError =>
  new AppError('REQUEST_INVALID', { issues: [{ path, message: `${what}. Kirim lagi semuanya, mulai bagian 1.` }] });

/** Whether both say the same of their package, whatever they name. */
export const isOfSame = (
  one: Pick<MediaReceipt, 'number' | 'date' | 'accepted' | 'refused'>,
  other: typeof one,
): boolean =>
  one.number === other.number &&
  one.date === other.date &&
  one.accepted === other.accepted &&
  one.refused === other.refused;

async function findParts(db: Queries, packageId: string): Promise<MediaReceipt[]> {
  const { rows } = await db.query<{ bytes: Buffer }>(
    'SELECT bytes FROM balikan.media_chunk WHERE package_id = $1 AND n < 0 ORDER BY n DESC',
    [packageId],
  );
  return rows.map(({ bytes }) => JSON.parse(bytes.toString()) as MediaReceipt);
}

async function removeParts(db: Queries, packageId: string): Promise<void> {
  await db.query('DELETE FROM balikan.media_chunk WHERE package_id = $1 AND n < 0', [packageId]);
}
