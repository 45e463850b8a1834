import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { chunkBytes, mediaFileName, type BalikanActor, type MediaPackage, type MediaReceipt } from '#contracts';
import { contentHash } from '#evidence';
import { AppError } from '#service';
import { dayOf } from '#paper';
import type { Destinations } from '../destinations/destinations.js';
import { deliveredHash } from '../evidence-report/delivered-content.js';
import type { PersonVault } from '../people/person-vault.js';
import { encryptedPieces, encrypterFor } from './encryption.js';
import * as db from './media.repository.js';
import type { PackageRow } from './media.repository.js';
import { renderHandover } from './handover-statement.js';
import { archiveOf } from './package-archive.js';
import { partsOf, unsealed } from './package-content.js';
import type { PackageSigner } from './package-signer.js';
import { PackedRecords } from './packed-records.js';
import { receiptIssues, refusedKeys, refusesAll } from './receipt-check.js';
import { gatherReceipt, isOfSame } from './receipt-parts.js';
import { inTurns, type Turns } from './turns.js';

/** Most records of one package; what is left waits for the next one. */
export const mostRecords = 100_000;

/** Packages of undelivered records for a flash disk or disc (O-08). */
@Injectable()
export class MediaPackages {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: PersonVault,
    private readonly signer: PackageSigner,
    private readonly destinations: Pick<Destinations, 'find'>,
  ) {}

  async list(institutionId: string): Promise<MediaPackage[]> {
    return (await db.findPackages(this.pool, institutionId)).map(packageOf);
  }

  /** @throws {AppError} RESOURCE_NOT_FOUND */
  async get(institutionId: string, id: string): Promise<MediaPackage> {
    return packageOf(found(await db.findPackage(this.pool, institutionId, id)));
  }

  /**
   * Packs all that is undelivered, in one transaction: either the package is there and no lane sends its records, or nothing
   * has changed. The plain data are never in one piece anywhere: they are encrypted while they are made.
   *
   * @throws {AppError} STATE_CONFLICT when nothing waits, a package is open, or nobody could open it; AGREEMENT_CLOSED
   */
  async make(actor: BalikanActor): Promise<MediaPackage> {
    const { institutionId, agreementId, operatorId } = actor;
    if (operatorId === null) throw conflict('Paket media hanya dapat dibuat oleh petugas yang masuk (login) sendiri.');
    // of a closed agreement there is nothing left to open, whatever else is missing
    await this.vault.open(agreementId);
    const destination = await this.destinations.find(institutionId);
    if (!destination || destination.mediaRecipients.length === 0)
      throw conflict(
        'Kunci publik (age) penerima media belum diatur. Minta kunci kepada Disdukcapil, lalu minta admin mengisinya pada tujuan data balikan.',
      );
    const encrypter = encrypterOf(destination.mediaRecipients);
    const signer = await this.signer.get();
    return inTurns(this.pool, async (turns) => {
      if (!(await db.mayOpen(turns, institutionId)))
        throw conflict('Masih ada paket media yang terbuka. Catat tanda terimanya atau batalkan lebih dulu.');
      const { number, now: createdAt } = await db.findNextNumber(turns, institutionId);
      const id = uuidv7();
      const minutes = {
        salt: randomBytes(32).toString('hex'),
        fileName: mediaFileName({ number, createdAt: createdAt.toISOString() }),
        institutionName: actor.institutionName,
        idLembaga: destination.idLembaga,
        namaLembaga: destination.namaLembaga,
        recipient: destination.recipient,
        mediaRecipients: destination.mediaRecipients,
        signingKeyId: signer.keyId,
      };
      await db.insertPackage(turns, {
        id,
        institutionId,
        agreementId,
        number,
        createdAt,
        createdBy: operatorId,
        minutes,
      });
      const packed = new PackedRecords(turns);
      const records = await packed.pack(id, institutionId, mostRecords, this.vault);
      if (records === 0)
        throw conflict('Tidak ada data balikan yang menunggu, atau semuanya sedang dikirim. Coba lagi sebentar lagi.');

      const head = {
        package: { id, number },
        madeAt: createdAt.toISOString(),
        institution: { id: institutionId, name: actor.institutionName },
        idLembaga: destination.idLembaga,
        namaLembaga: destination.namaLembaga,
        recipient: destination.recipient,
        records,
      };
      const parts = partsOf(destination, () => unsealed(this.vault, packed.read(id)));
      const pieces = encryptedPieces(encrypter, archiveOf(head, parts, signer), chunkBytes);
      await db.sealPackage(turns, id, { records, ...(await store(turns, id, pieces)) });
      const row = found(await db.findPackage(turns, institutionId, id));
      await this.tell(turns, row, operatorId, 'data-balikan.packed');
      return packageOf(row);
    });
  }

  /**
   * What Disdukcapil confirmed: accepted records are done, their NIK and the file are erased; refused ones wait again. The
   * same receipt may come again. Before the last of its parts nothing happens.
   *
   * @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT, REQUEST_INVALID with all that does not add up
   */
  async receipt(institutionId: string, id: string, given: MediaReceipt): Promise<MediaPackage> {
    return inTurns(this.pool, async (turns) => {
      const row = found(await db.lockPackage(turns, institutionId, id));
      if (row.state === 'CANCELLED' || (row.state === 'RECEIPTED' && !isOfSame(receiptOf(row), given)))
        throw conflict(closedAlready(row.state));
      const receipt = await gatherReceipt(turns, id, given);
      if (!receipt) return packageOf(row);
      const keys = refusedKeys(receipt);
      const refusedHash = createHash('sha256')
        .update([...keys].sort().join('\n'))
        .digest('hex');
      if (row.state === 'RECEIPTED' && row.minutes.refusedHash === refusedHash) return packageOf(row);
      if (row.state !== 'OPEN') throw conflict(closedAlready(row.state));

      const packed = new PackedRecords(turns);
      const days = { made: dayOf(row.createdAt), today: await db.today(turns) };
      const issues = receiptIssues(receipt, row.records, await packed.countByRegister(id, keys), days);
      if (issues.length > 0) throw new AppError('REQUEST_INVALID', { issues });

      const refused = await packed.refuse(
        id,
        refusesAll(receipt, row.records) ? await db.registerKeys(turns, id) : keys,
      );
      const accepted = await handOver(turns, packed, row);
      if (refused !== receipt.refused || accepted !== receipt.accepted)
        throw new Error('the records of a package are not what they were when it was made');
      await db.closePackage(turns, id, { state: 'RECEIPTED', receipt, refusedHash });
      const closed = found(await db.findPackage(turns, institutionId, id));
      await this.tell(turns, closed, null, 'data-balikan.handed-over');
      return packageOf(closed);
    });
  }

  /** Never handed over after all. @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT */
  async cancel(institutionId: string, id: string): Promise<MediaPackage> {
    return inTurns(this.pool, async (turns) => {
      const row = found(await db.lockPackage(turns, institutionId, id));
      if (row.state === 'CANCELLED') return packageOf(row);
      if (row.state !== 'OPEN') throw conflict(closedAlready(row.state));
      await new PackedRecords(turns).release(id);
      await db.closePackage(turns, id, { state: 'CANCELLED' });
      const closed = found(await db.findPackage(turns, institutionId, id));
      await this.tell(turns, closed, null, 'data-balikan.unpacked');
      return packageOf(closed);
    });
  }

  /** The n-th piece of the encrypted file. @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT when the package is closed */
  async readFile(institutionId: string, id: string, n: number): Promise<{ bytes: Buffer; last: boolean }> {
    const row = found(await db.findPackage(this.pool, institutionId, id));
    const bytes = row.state === 'OPEN' ? await db.findChunk(this.pool, id, n) : undefined;
    if (bytes) return { bytes, last: n === row.chunks - 1 };
    if (row.state !== 'OPEN') throw conflict('Paket ini sudah ditutup; berkasnya tidak disimpan lagi.');
    throw new AppError('RESOURCE_NOT_FOUND');
  }

  /** The n-th piece of the berita acara, which has the same bytes each time. @throws {AppError} RESOURCE_NOT_FOUND, STATE_CONFLICT */
  async readMinutes(institutionId: string, id: string, n: number): Promise<{ bytes: Buffer; last: boolean }> {
    const row = found(await db.findPackage(this.pool, institutionId, id));
    if (row.state === 'CANCELLED') throw conflict('Paket ini dibatalkan, sehingga tidak ada berita acaranya.');
    const pdf = await renderHandover({ ...row, bytes: Number(row.bytes) });
    const bytes = pdf.subarray(n * chunkBytes, (n + 1) * chunkBytes);
    if (bytes.length === 0) throw new AppError('RESOURCE_NOT_FOUND');
    return { bytes, last: (n + 1) * chunkBytes >= pdf.length };
  }

  /** Evidence of the package as it stands now: SHA-256(salt || RFC 8785 of its numbers and its minutes). */
  private async tell(turns: Turns, row: PackageRow, actorId: string | null, act: string): Promise<void> {
    const { salt, ...minutes } = row.minutes;
    const { number, records, sha256 } = row;
    const content = {
      package: { number, records, bytes: Number(row.bytes), sha256, createdAt: row.createdAt.toISOString() },
      minutes,
      receipt: row.state === 'RECEIPTED' ? receiptOf(row) : null,
    };
    const hash = Buffer.from(contentHash(Buffer.from(salt, 'hex'), content));
    await db.insertEvidence(turns, { institutionId: row.institutionId, actorId }, [
      { id: uuidv7(), act, subject: row.id, contentHash: hash },
    ]);
  }
}

async function store(turns: Turns, id: string, pieces: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let [chunks, bytes] = [0, 0];
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    await db.insertChunk(turns, id, chunks++, piece);
  }
  return { chunks, bytes, sha256: hash.digest('hex') };
}

/** Each with evidence of its own. Returns how many. */
async function handOver(turns: Turns, packed: PackedRecords, row: PackageRow): Promise<number> {
  let accepted = 0;
  for await (const page of packed.read(row.id)) {
    const evidence = page.map(({ kodeKbli, versiKbli, ...record }) => ({
      id: uuidv7(),
      act: 'data-balikan.delivered',
      subject: record.id,
      contentHash: deliveredHash(record.salt, {
        ...record,
        kbli: kodeKbli === null || versiKbli === null ? null : { kode: kodeKbli, versi: versiKbli },
        receipt: 'MEDIA',
      }),
    }));
    accepted += await packed.handOver(page.map(({ id }) => id));
    await db.insertEvidence(turns, { institutionId: row.institutionId, actorId: null }, evidence);
  }
  return accepted;
}

function encrypterOf(recipients: readonly string[]) {
  try {
    return encrypterFor(recipients);
  } catch {
    throw conflict('Kunci publik (age) penerima media tidak sah. Minta admin memeriksa salinannya.');
  }
}

function packageOf(row: PackageRow): MediaPackage {
  const { id, number, state, records, sha256, createdBy } = row;
  if (createdBy === null) throw new Error('a package that nobody made');
  return {
    id,
    number,
    state,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    records,
    bytes: Number(row.bytes),
    sha256,
    receipt: row.state === 'RECEIPTED' ? receiptOf(row) : null,
  };
}

function receiptOf({ receiptNumber, receiptDate, accepted, refused }: PackageRow) {
  if (receiptNumber === null || receiptDate === null || accepted === null || refused === null)
    throw new Error('a package without its receipt');
  return { number: receiptNumber, date: receiptDate, accepted, refused };
}

const closedAlready = (state: PackageRow['state']): string =>
  state === 'RECEIPTED' ? 'Paket ini sudah ditutup dengan tanda terima lain.' : 'Paket ini sudah dibatalkan.';

function found(row: PackageRow | undefined): PackageRow {
  if (!row) throw new AppError('RESOURCE_NOT_FOUND');
  return row;
}

const conflict = (message: string): AppError => new AppError('STATE_CONFLICT', { issues: [{ path: '', message }] });
