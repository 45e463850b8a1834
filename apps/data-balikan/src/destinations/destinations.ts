import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';
import { BalikanDestination, type BalikanDestinationSummary } from '#contracts';
import { AgreementKeys, AppError } from '#service';
import { inTransaction } from '#service';
import { PersonVault } from '../people/person-vault.js';
import { eraseFiles, undelivered } from './agreement-end.js';

/** With the 400 ms for which a key is trusted, a destroyed or changed destination is gone everywhere within a second. */
const trustMs = 500;
/** Institutions of one installation: a kabupaten has some dozens. */
const mostCached = 1_000;

interface Row {
  agreementId: string;
  keyId: string;
  sealed: Buffer;
  configuredAt: Date;
}

interface Configured {
  row: Row;
  destination: BalikanDestination;
}

const contextOf = (institutionId: string): string => `destination:${institutionId}`;

/** Where the records of each institution go, sealed at rest and never readable back over the bus (O-16). */
@Injectable()
export class Destinations {
  private readonly cache = new Map<string, { at: number; found: Promise<Configured | undefined> }>();

  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly vault: PersonVault,
    private readonly keys: AgreementKeys,
  ) {}

  /**
   * Undefined where there is none, or its key is destroyed. May be older than it is by half a second.
   *
   * @throws {AppError} SERVICE_UNAVAILABLE while its key is not there
   */
  async find(institutionId: string): Promise<BalikanDestination | undefined> {
    const cached = this.cache.get(institutionId);
    if (cached && performance.now() - cached.at < trustMs) return (await cached.found)?.destination;
    if (this.cache.size >= mostCached) this.cache.clear();
    const found = this.open(institutionId);
    this.cache.set(institutionId, { at: performance.now(), found });
    found.catch(() => this.cache.delete(institutionId));
    return (await found)?.destination;
  }

  /** Whether there is a web service to send to. One that cannot be opened for now is there. */
  async isServed(institutionId: string): Promise<boolean> {
    try {
      return (await this.find(institutionId))?.service !== undefined;
    } catch (error) {
      if (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE') return true;
      throw error;
    }
  }

  async describe(institutionId: string): Promise<BalikanDestinationSummary> {
    const found = await this.open(institutionId);
    const destination = found?.destination;
    return {
      configured: found !== undefined,
      configuredAt: found?.row.configuredAt.toISOString() ?? null,
      agreementId: found?.row.agreementId ?? null,
      recipient: destination?.recipient ?? null,
      webService: destination?.service !== undefined,
      body: destination?.service?.body ?? null,
      paramKeys: destination?.paramKeys ?? null,
      registerPattern: destination?.registerPattern ?? null,
      mediaRecipients: destination?.mediaRecipients ?? [],
      overdueAfterDays: destination?.overdueAfterDays ?? null,
    };
  }

  /** @throws {AppError} AGREEMENT_CLOSED; SERVICE_UNAVAILABLE while a key of the agreement is not where it was */
  async configure(
    institutionId: string,
    agreementId: string,
    destination: BalikanDestination,
  ): Promise<BalikanDestinationSummary> {
    // a first key asks the database: not with a connection in hand
    await this.vault.open(agreementId);
    await this.oneAtATime(institutionId, async (client) => {
      const vault = await this.vault.open(agreementId);
      await client.query(
        `INSERT INTO balikan.destination (institution_id, agreement_id, key_id, sealed, configured_at)
         VALUES ($1, $2, $3, $4, balikan.clock())
         ON CONFLICT (institution_id) DO UPDATE SET agreement_id = excluded.agreement_id, key_id = excluded.key_id,
           sealed = excluded.sealed, configured_at = excluded.configured_at`,
        [institutionId, agreementId, vault.keyId, vault.seal(JSON.stringify(destination), contextOf(institutionId))],
      );
    });
    this.cache.delete(institutionId);
    return this.describe(institutionId);
  }

  /**
   * The end of an agreement: its keys are destroyed, and with them every NIK that they sealed; its destination and its
   * uploaded files are deleted. A destination under another agreement stays. May be repeated.
   */
  async destroyKeys(
    institutionId: string,
    agreementId: string,
  ): Promise<{ destroyedKeyIds: string[]; undelivered: number }> {
    // this order, so that whoever configures at the same time either sees that it is closed or has ended before the row goes
    await this.keys.close(agreementId);
    const left = await this.oneAtATime(institutionId, async (client) => {
      await client.query('DELETE FROM balikan.destination WHERE institution_id = $1 AND agreement_id = $2', [
        institutionId,
        agreementId,
      ]);
      await eraseFiles(client, institutionId, agreementId);
      return undelivered(client, institutionId, agreementId);
    });
    const destroyedKeyIds = await this.keys.destroyAll(agreementId);
    this.cache.delete(institutionId);
    return { destroyedKeyIds, undelivered: left };
  }

  private async open(institutionId: string): Promise<Configured | undefined> {
    const { rows } = await this.pool.query<Row>(
      `SELECT agreement_id AS "agreementId", key_id AS "keyId", sealed, configured_at AS "configuredAt"
       FROM balikan.destination WHERE institution_id = $1`,
      [institutionId],
    );
    const row = rows[0];
    if (!row) return undefined;
    try {
      const text = await this.vault.unseal(row.keyId, row.sealed, contextOf(institutionId));
      return { row, destination: BalikanDestination.parse(JSON.parse(text)) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'AGREEMENT_CLOSED') return undefined;
      throw error;
    }
  }

  /** The lock on a name holds where there is no row yet. */
  private oneAtATime<T>(institutionId: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended('balikan destination ' || $1, 0))", [
        institutionId,
      ]);
      return work(client);
    });
  }
}
