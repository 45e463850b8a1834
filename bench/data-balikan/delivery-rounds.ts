import { findDeliveryFaults, type DeliveryCounts } from './exactness.js';
import type { Installation } from './installation.js';
import type { Plain } from './plain.js';
import { csvOf, type BalikanRow } from './rows.js';
import type { SandboxConsumer } from '../sandbox.js';

export interface DeliveryRound {
  /** Requests a second, by the sandbox's own clock: from the first to the last one that came. */
  service: number;
  plain: number;
}

/** Records that are looked for at the sandbox by their person. */
const mostLooked = 100;

/** The outbox delivers some records, a bare loop sends as many of its own, by turns; the other one rests. */
export class DeliveryRounds {
  readonly faults: string[] = [];
  private played = 0;

  constructor(
    private readonly installation: Installation,
    private readonly plain: Plain,
    /** The access right of the bare loop. */
    private readonly consumer: SandboxConsumer,
    private readonly nextRows: (count: number) => BalikanRow[],
  ) {}

  /** @param parallel requests at once; the service has to be started with the same */
  async play(parallel: number, count: number): Promise<DeliveryRound> {
    const service = () => this.playService(parallel, this.nextRows(count));
    const plain = () => this.playPlain(parallel, this.nextRows(count));
    this.played += 1;
    if (this.played % 2 === 1) return { service: await service(), plain: await plain() };
    const first = await plain();
    return { service: await service(), plain: first };
  }

  private async playService(parallel: number, rows: BalikanRow[]): Promise<number> {
    const { installation } = this;
    const { database, sandbox, consumer } = installation;
    const { id } = await installation.upload(Buffer.from(csvOf(rows)), 'CSV', 'ALL_OR_NOTHING');
    await installation.untilDone(id);
    await this.prepare();
    await installation.setSending(true);
    await installation.until(async () => {
      const { rows: open } = await database.query("SELECT FROM balikan.record WHERE state = 'WAITING' LIMIT 1");
      return open.length === 0;
    });
    await installation.setSending(false);
    const { rows: counted } = await database.query<{ delivered: number }>(
      `SELECT count(*)::int AS delivered FROM balikan.record
       WHERE batch_id = $1 AND state = 'DELIVERED' AND receipt = 'SUCCESS' AND attempts = 1 AND sealed_nik IS NULL`,
      [id],
    );
    const { counts, perSecond } = await this.count(consumer, rows);
    const all = { ...counts, delivered: counted[0]?.delivered ?? 0 };
    this.faults.push(...findDeliveryFaults(`service, ${parallel} at once, round ${this.played}`, all));
    await installation.rest();
    await sandbox.forgetBalikan();
    return perSecond;
  }

  private async playPlain(parallel: number, rows: BalikanRow[]): Promise<number> {
    const { sandbox, destination } = this.installation;
    await this.prepare();
    const { idLembaga, namaLembaga, service } = destination;
    const url = `${sandbox.url}${service?.path ?? ''}`;
    await this.plain.run({ kind: 'send', url, token: this.consumer.token, idLembaga, namaLembaga, rows, parallel });
    const { counts, perSecond } = await this.count(this.consumer, rows);
    this.faults.push(...findDeliveryFaults(`bare loop, ${parallel} at once, round ${this.played}`, counts));
    await sandbox.forgetBalikan();
    return perSecond;
  }

  private async prepare(): Promise<void> {
    await this.installation.rest();
    await this.installation.database.query('CHECKPOINT');
  }

  private async count(
    { userId }: SandboxConsumer,
    rows: readonly BalikanRow[],
  ): Promise<{ counts: DeliveryCounts; perSecond: number }> {
    const { sandbox, destination } = this.installation;
    const { registerNumbers, arrivals, accepted } = await sandbox.received(userId);
    const sent = new Set(rows.map(({ nomorRegister }) => nomorRegister));
    const every = Math.ceil(rows.length / mostLooked);
    const looked = { for: 0, found: 0 };
    for (const { nik, nomorRegister } of rows.filter((_row, n) => n % every === 0)) {
      looked.for += 1;
      const isThere = await sandbox.hasBalikan({ userId, idLembaga: destination.idLembaga, nik, nomorRegister });
      if (isThere) looked.found += 1;
    }
    const distinct = registerNumbers.filter((number) => sent.has(number)).length;
    const [first, last] = [Math.min(...arrivals), Math.max(...arrivals)];
    return {
      counts: { sent: rows.length, requests: arrivals.length, accepted, distinct, looked },
      perSecond: (arrivals.length - 1) / ((last - first) / 1_000),
    };
  }
}
