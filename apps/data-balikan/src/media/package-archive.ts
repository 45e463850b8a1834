import { createHash } from 'node:crypto';
import { zipStream } from '#service/zip-stream';
import type { Signer } from './package-signer.js';

export const manifestFormat = 'gerbang-paten-data-balikan-media-1';

/** What the manifest says beside the files. */
export interface ManifestHead {
  package: { id: string; number: number };
  /** ISO 8601, UTC. */
  madeAt: string;
  institution: { id: string; name: string };
  idLembaga: string;
  namaLembaga: string;
  recipient: string;
  records: number;
}

interface ListedFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** A file of the archive, made while it is written. */
export interface Part {
  name: string;
  content: () => AsyncIterable<Buffer>;
}

/**
 * The ZIP: the files, then `manifest.json` with size and SHA-256 of each, `manifest.sig` (Ed25519 over the very bytes of the
 * manifest) and `manifest.pub`. Nothing of it is held but what is under way.
 */
export function archiveOf(head: ManifestHead, parts: readonly Part[], signer: Signer): AsyncIterable<Buffer> {
  const listed: ListedFile[] = [];
  let manifest = Buffer.alloc(0);
  return zipStream([
    ...parts.map(({ name, content }) => ({ name, data: () => measured(name, content(), listed) })),
    {
      name: 'manifest.json',
      data: () => {
        const signature = { algorithm: 'Ed25519', keyId: signer.keyId };
        const said = { format: manifestFormat, ...head, files: listed, signature };
        manifest = Buffer.from(`${JSON.stringify(said, null, 2)}\n`);
        return [manifest];
      },
    },
    { name: 'manifest.sig', data: () => [signer.sign(manifest)] },
    { name: 'manifest.pub', data: () => [signer.publicKeyPem] },
  ]);
}

async function* measured(name: string, content: AsyncIterable<Buffer>, into: ListedFile[]): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of content) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  into.push({ name, bytes, sha256: hash.digest('hex') });
}
