import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { BalikanDestination, type BalikanActor } from '#contracts';
import { AgreementKeys, KeyFolder } from '#service';
import { agreementRows } from '../people/agreement-rows.js';
import { PersonVault } from '../people/person-vault.js';
import { recordContext } from '../people/record-context.js';
import { registerKey } from '../records/register-key.js';
import { MediaPackages } from './media-packages.js';
import { PackageSigner } from './package-signer.js';

export interface GivenRecord {
  nik: string;
  nomorRegister: string;
  namaUsaha: string;
  jenisUsaha: string;
  kbli: string | null;
  tanggal: string;
  state: 'WAITING' | 'DEAD';
}

export const makeRecord = (n: number, overrides: Partial<GivenRecord> = {}): GivenRecord => ({
  nik: `339901410790${9_900 + n}`,
  nomorRegister: `500/${String(n).padStart(3, '0')}/SKU/XI/2026`,
  namaUsaha: `Warung Contoh ${n}`,
  jenisUsaha: 'Perdagangan eceran',
  kbli: null,
  tanggal: `2026-11-${String(28 - (n % 28)).padStart(2, '0')}`,
  state: 'WAITING',
  ...overrides,
});

/** An office with an agreement and a destination, whose packages the test itself can open. */
export class MediaOffice {
  private constructor(
    readonly actor: BalikanActor,
    readonly packages: MediaPackages,
    readonly identity: string,
    readonly destination: BalikanDestination,
    readonly keys: AgreementKeys,
    readonly vault: PersonVault,
    private readonly pool: pg.Pool,
    private readonly folder: string,
  ) {}

  static async open(pool: pg.Pool, overrides: Partial<BalikanDestination> = {}): Promise<MediaOffice> {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-media-'));
    const keyFolder = new KeyFolder(folder);
    const keys = new AgreementKeys(keyFolder);
    const vault = new PersonVault(keyFolder, keys, agreementRows(pool));
    const identity = await generateX25519Identity();
    const destination = BalikanDestination.parse({
      idLembaga: '000123',
      namaLembaga: 'Kecamatan Contoh',
      mediaRecipients: [await identityToRecipient(identity)],
      ...overrides,
    });
    const packages = new MediaPackages(pool, vault, new PackageSigner(keyFolder), { find: async () => destination });
    const actor = {
      institutionId: randomUUID(),
      agreementId: randomUUID(),
      agreementVersionId: randomUUID(),
      validFrom: '2026-01-01',
      clientId: 'portal',
      operatorId: randomUUID(),
      institutionName: 'Kecamatan Contoh',
    };
    return new MediaOffice(actor, packages, identity, destination, keys, vault, pool, folder);
  }

  /** Another replica of the service. */
  get replica(): MediaPackages {
    const folder = new KeyFolder(this.folder);
    const vault = new PersonVault(folder, new AgreementKeys(folder), agreementRows(this.pool));
    return new MediaPackages(this.pool, vault, new PackageSigner(folder), { find: async () => this.destination });
  }

  /** Accepted records, as the features that take them in leave them. Returns their ids. */
  async accept(records: readonly GivenRecord[], agreementId = this.actor.agreementId): Promise<string[]> {
    const { institutionId, agreementVersionId } = this.actor;
    const vault = await this.vault.open(agreementId);
    const rows = records.map(({ nik, ...record }) => {
      const id = uuidv7();
      return {
        ...record,
        id,
        register_key: registerKey(record.nomorRegister),
        verification: randomUUID(),
        salt: `\\x${randomBytes(32).toString('hex')}`,
        hmac: `\\x${vault.hmac('person', nik).toString('hex')}`,
        sealed: `\\x${vault.seal(nik, recordContext(id)).toString('hex')}`,
      };
    });
    await this.pool.query(
      `INSERT INTO balikan.record (id, institution_id, agreement_id, agreement_version_id, person_hmac, sealed_nik, key_id,
         register_number, register_key, register_date, business_name, business_type, kbli_code, kbli_version,
         verification_id, source, client_id, accepted_at, salt, state, due_at, strikes, failure)
       SELECT id, $1, $2, $3, hmac, sealed, $4, "nomorRegister", register_key, tanggal, "namaUsaha", "jenisUsaha", kbli,
         CASE WHEN kbli IS NOT NULL THEN '2020' END, verification, 'FORM', 'portal', balikan.clock(), salt, state,
         balikan.clock(), CASE state WHEN 'DEAD' THEN 8 ELSE 0 END, CASE state WHEN 'DEAD' THEN 'REFUSED' END
       FROM jsonb_to_recordset($5::jsonb) AS given (id uuid, "nomorRegister" text, register_key text, tanggal date,
         "namaUsaha" text, "jenisUsaha" text, kbli text, verification uuid, salt bytea, hmac bytea, sealed bytea, state text)`,
      [institutionId, agreementId, agreementVersionId, vault.keyId, JSON.stringify(rows)],
    );
    return rows.map(({ id }) => id);
  }

  /** The encrypted file, put together from its pieces. */
  async file(id: string): Promise<Buffer> {
    return piecesOf((n) => this.packages.readFile(this.actor.institutionId, id, n));
  }

  async minutes(id: string): Promise<Buffer> {
    return piecesOf((n) => this.packages.readMinutes(this.actor.institutionId, id, n));
  }

  /** What the recipient finds in it. */
  async opened(id: string): Promise<Map<string, Buffer>> {
    const decrypter = new Decrypter();
    decrypter.addIdentity(this.identity);
    return unzipped(Buffer.from(await decrypter.decrypt(await this.file(id))));
  }

  async states(): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM balikan.record WHERE institution_id = $1 GROUP BY state',
      [this.actor.institutionId],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

async function piecesOf(read: (n: number) => Promise<{ bytes: Buffer; last: boolean }>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let last = false; !last;) {
    const piece = await read(pieces.length);
    pieces.push(piece.bytes);
    last = piece.last;
  }
  return Buffer.concat(pieces);
}

export async function unzipped(bytes: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry: Entry) =>
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const pieces: Buffer[] = [];
        stream
          .on('data', (piece: Buffer) => pieces.push(piece))
          .on('error', reject)
          .on('end', () => {
            files.set(entry.fileName, Buffer.concat(pieces));
            zip.readEntry();
          });
      }),
    );
    zip.readEntry();
  });
  return files;
}
