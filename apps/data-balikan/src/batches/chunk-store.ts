import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Pool, PoolClient } from 'pg';
import { sealOverhead } from '#service';
import type { FileSource } from '../files/table.js';
import { PersonVault, type OpenVault } from '../people/person-vault.js';

/** FILE: as it was handed in; RESULT: its marked-up copy. */
export type Part = 'FILE' | 'RESULT';

/** Whose pieces they are, and with which key they are sealed. */
export interface Sealed {
  id: string;
  keyId: string;
}

export type Database = Pick<Pool | PoolClient, 'query'>;

/** Pieces of one file that are kept open in memory: at most 2 MB. */
const openPieces = 16;

export const contextOf = (batchId: string, part: Part, n: number): string => `batch:${batchId}:${part}:${n}`;

/** Uploaded files and their marked-up copies: sealed piece by piece, because there are NIKs in them. */
@Injectable()
export class ChunkStore {
  constructor(
    private readonly pool: Pool,
    private readonly vault: PersonVault,
  ) {}

  /** Replaces a piece that was there before. */
  async put(db: Database, vault: OpenVault, batchId: string, part: Part, n: number, bytes: Buffer): Promise<void> {
    await db.query({
      name: 'put_batch_chunk',
      text: `INSERT INTO balikan.batch_chunk (batch_id, part, n, sealed) VALUES ($1, $2, $3, $4)
        ON CONFLICT (batch_id, part, n) DO UPDATE SET sealed = excluded.sealed`,
      values: [batchId, part, n, vault.sealBytes(bytes, contextOf(batchId, part, n))],
    });
  }

  /** @throws {AppError} AGREEMENT_CLOSED when its key is destroyed */
  async find({ id, keyId }: Sealed, part: Part, n: number, db: Database = this.pool): Promise<Buffer | undefined> {
    const { rows } = await db.query<{ sealed: Buffer }>({
      name: 'find_batch_chunk',
      text: 'SELECT sealed FROM balikan.batch_chunk WHERE batch_id = $1 AND part = $2 AND n = $3',
      values: [id, part, n],
    });
    return rows[0] && this.vault.unsealBytes(keyId, rows[0].sealed, contextOf(id, part, n));
  }

  /** Bytes of each piece, in order. */
  async sizes(batchId: string, part: Part, db: Database = this.pool): Promise<number[]> {
    const { rows } = await db.query<{ size: number }>(
      'SELECT octet_length(sealed) AS size FROM balikan.batch_chunk WHERE batch_id = $1 AND part = $2 ORDER BY n',
      [batchId, part],
    );
    return rows.map(({ size }) => size - sealOverhead);
  }

  async openFile(batch: Sealed): Promise<StoredFile> {
    return new StoredFile(await this.sizes(batch.id, 'FILE'), async (n) => {
      const piece = await this.find(batch, 'FILE', n);
      if (!piece) throw new Error('A piece of the file is gone');
      return piece;
    });
  }

  async erase(db: Database, batchId: string, part: Part): Promise<void> {
    await db.query('DELETE FROM balikan.batch_chunk WHERE batch_id = $1 AND part = $2', [batchId, part]);
  }
}

/** Random access to sealed pieces; a few of them are kept open, whatever is read. */
export class StoredFile implements FileSource {
  readonly size: number;
  /** Where each piece begins. */
  private readonly starts: number[] = [];
  private readonly open = new LRUCache<number, Promise<Buffer>>({ max: openPieces });

  constructor(
    sizes: readonly number[],
    private readonly load: (n: number) => Promise<Buffer>,
  ) {
    let size = 0;
    for (const bytes of sizes) {
      this.starts.push(size);
      size += bytes;
    }
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.size);
    const parts: Buffer[] = [];
    for (let at = Math.max(0, offset), n = this.pieceAt(at); at < end; n += 1) {
      const piece = await this.piece(n);
      const start = this.starts[n] ?? 0;
      const part = piece.subarray(at - start, end - start);
      parts.push(part);
      at = start + piece.length;
    }
    const [only] = parts;
    return only && parts.length === 1 ? only : Buffer.concat(parts);
  }

  private piece(n: number): Promise<Buffer> {
    const open = this.open.get(n);
    if (open) return open;
    const loading = this.load(n);
    this.open.set(n, loading);
    // what failed is tried again by the next one who asks
    loading.catch(() => this.open.delete(n));
    return loading;
  }

  /** Binary search: the last piece that begins at or before `offset`. */
  private pieceAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
