import { KitVerifier, type KitOptions, type KitSource } from '#report';
import { type FileVerdict } from './file-check.js';
import { type ByteSource } from './zip/byte-source.js';
import { ZipFault } from './zip/zip-directory.js';
import { openZip } from './zip/zip-kit.js';

/** Checks a ZIP. Throws a TypeError when one of the keys is not a verifier key. */
export async function checkKit(source: ByteSource, given: KitOptions): Promise<FileVerdict> {
  let files: KitSource;
  try {
    files = await openZip(source);
  } catch (error) {
    if (error instanceof ZipFault) return { kind: 'NO_KIT' };
    throw error;
  }
  // one of the two may have been taken out
  if (!files.names.includes('report.json') && !files.names.includes('manifest.json')) return { kind: 'NO_KIT' };
  return { kind: 'KIT', kit: await new KitVerifier(files, given).verify() };
}
