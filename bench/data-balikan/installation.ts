import { join } from 'node:path';
import type pg from 'pg';
import { BalikanDestination, type Batch, type UploadPolicy } from '#contracts';
import { provisionInstitutions } from '../../apps/launcher/src/provisioning.js';
import { Stack } from '../../apps/launcher/src/stack.js';
import { peakMemoryMb } from '../evidence/peak-memory.js';
import { getToken } from '../full-look-up/full-look-up.js';
import { makeOffice } from '../full-look-up/office.js';
import type { Parts } from '../parts.js';
import { Sandbox, type SandboxConsumer } from '../sandbox.js';
import { writeLookUps, type Office } from './look-ups.js';

const idLembaga = '009701';
const deadlineMs = 300_000;
/** How often the database is asked whether it is over; part of what is measured. */
const pollMs = 10;

const ended: ReadonlySet<Batch['state']> = new Set(['DONE', 'HELD', 'REFUSED', 'CANCELLED', 'FAILED']);
const contentTypes = {
  CSV: 'text/csv',
  XLSX: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export interface Uploaded {
  id: string;
  seconds: number;
}

/** The whole installation, with one office whose people were looked up. */
export class Installation {
  private constructor(
    readonly stack: Stack,
    readonly sandbox: Sandbox,
    readonly consumer: SandboxConsumer,
    readonly destination: BalikanDestination,
    /** As superuser. */
    readonly database: pg.Client,
    readonly office: Office,
  ) {}

  static async start(folder: string, parts: Parts, people: number): Promise<Installation> {
    const stack = parts.keep(await Stack.start({ stateDir: join(folder, 'data-balikan') }));
    const sandbox = new Sandbox(stack.sandbox.url);
    const consumer = await sandbox.addConsumer('data-balikan');
    const destination = BalikanDestination.parse({
      idLembaga,
      namaLembaga: 'Kecamatan Tolok Ukur',
      // the most that may be configured: what is measured is the service and not its pace
      service: { baseUrl: sandbox.url, token: consumer.token, perSecond: 1_000 },
    });
    await provisionInstitutions(stack, [{ ...makeOffice(sandbox.url, consumer), dataBalikan: destination }]);
    const database = await stack.postgres.connect('gerbang');
    const { rows } = await database.query<Office>(
      'SELECT institution_id AS "institutionId", agreement_id AS "agreementId" FROM balikan.destination',
    );
    const [office] = rows;
    if (!office) throw new Error('the office has no destination');
    const installation = new Installation(stack, sandbox, consumer, destination, database, office);
    await installation.setSending(false);
    await writeLookUps(database, stack.state.folder('keys', 'nik-verification'), office, people);
    await database.query('VACUUM ANALYZE verification.access_event');
    await installation.rest();
    return installation;
  }

  get service(): { pid: number | undefined } {
    return { pid: this.stack.replicas['data-balikan'].at(-1)?.child.pid };
  }

  /** MB, the most that the service's process ever had. */
  get peakMb(): number | undefined {
    return peakMemoryMb(this.service.pid);
  }

  /** A new process, which has had nothing to do yet. */
  async restartService(environment: Record<string, string> = {}): Promise<void> {
    await this.stack.replicas['data-balikan'].at(-1)?.child.stop();
    await this.stack.add('data-balikan', environment);
  }

  /** Through the gateway, until it is kept. */
  async upload(bytes: Buffer, format: keyof typeof contentTypes, policy: UploadPolicy): Promise<Uploaded> {
    const authorization = await getToken(this.stack.gatewayUrl);
    const startedAt = performance.now();
    const response = await fetch(`${this.stack.gatewayUrl}/v1/data-balikan/batches?policy=${policy}`, {
      method: 'POST',
      headers: { authorization, 'content-type': contentTypes[format] },
      body: new Uint8Array(bytes),
    });
    const answer = (await response.json()) as Partial<Batch> & { code?: string };
    if (!answer.id || response.status !== 202)
      throw new Error(`the upload was answered ${response.status} ${answer.code}`);
    return { id: answer.id, seconds: (performance.now() - startedAt) / 1_000 };
  }

  /** From now on, until its rows are committed. Throws unless it ends as DONE. */
  async untilDone(id: string): Promise<number> {
    const startedAt = performance.now();
    await this.until(async () => {
      const { rows } = await this.database.query<{ state: Batch['state'] }>({
        name: 'batch_state',
        text: 'SELECT state FROM balikan.batch WHERE id = $1',
        values: [id],
      });
      const state = rows[0]?.state;
      if (state === 'DONE') return true;
      if (!state || ended.has(state)) throw new Error(`the file ended as ${state}`);
      return false;
    });
    return (performance.now() - startedAt) / 1_000;
  }

  async result(id: string): Promise<Buffer> {
    await this.until(async () => {
      const { rows } = await this.database.query('SELECT FROM balikan.batch WHERE id = $1 AND result_chunks > 0', [id]);
      return rows.length > 0;
    });
    const authorization = await getToken(this.stack.gatewayUrl);
    const response = await fetch(`${this.stack.gatewayUrl}/v1/data-balikan/batches/${id}/result`, {
      headers: { authorization },
    });
    if (!response.ok) throw new Error(`the result was answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** The kill switch, as it stands in the database. */
  async setSending(sending: boolean): Promise<void> {
    await this.database.query("UPDATE balikan.switch SET sending = $1, changed_at = now(), reason = 'bench'", [
      sending,
    ]);
  }

  /** Until what comes after is over: evidence that has not reached the log, or has no index there. */
  async rest(): Promise<void> {
    await this.until(async () => {
      const { rows } = await this.database.query(
        'SELECT FROM balikan.evidence_outbox UNION ALL SELECT FROM verification.log_pending LIMIT 1',
      );
      return rows.length === 0;
    });
  }

  async until(isSo: () => Promise<boolean>): Promise<void> {
    for (const until = performance.now() + deadlineMs; performance.now() < until;) {
      if (await isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new Error(`it was not over after ${deadlineMs / 1_000} s`);
  }
}
