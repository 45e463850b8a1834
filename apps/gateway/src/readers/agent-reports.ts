import type { Pool } from 'pg';
import { handInJournal, reportAgent, type JournalEntry, type RpcInput, type RpcOutput } from '#contracts';
import { AppError, type Log } from '#service';
import { findAgreement } from '../access/decide-access.js';
import type { AgentConnections } from './agent-connections.js';
import type { AgentLine } from './bus/agent-line.js';
import type { IssuedPermits } from './issued-permits.js';
import type { Permits } from './permits.js';
import type { OfficeReader, ReaderRepository } from './reader-facts.js';

type Report = ReturnType<typeof reportAgent>;
type HandIn = ReturnType<typeof handInJournal>;

/** What agents tell of themselves, and what happened at their readers while the line was down. */
export class AgentReports {
  constructor(
    private readonly readers: ReaderRepository,
    private readonly permits: Permits,
    private readonly issued: IssuedPermits,
    private readonly connections: AgentConnections,
    private readonly pool: Pool,
    private readonly evidence: { wake(): void },
    private readonly log: Log,
  ) {}

  open(line: AgentLine): void {
    line.answer(reportAgent, (readerId, status) => this.report(readerId, status));
    line.answer(handInJournal, (readerId, { entries }) => this.takeJournal(readerId, entries));
  }

  private async report(readerId: string, status: RpcInput<Report>): Promise<RpcOutput<Report>> {
    const facts = await this.get(readerId);
    await this.readers.keepStatus(readerId, status);
    const given = await this.permits.renew({ ...facts, reader: { ...facts.reader, status } });
    return {
      permit: 'permit' in given ? given.permit : null,
      refusal: 'refusal' in given ? given.refusal : null,
      now: Date.now(),
      jwks: await this.permits.jwks(),
    };
  }

  /** Taken once, however often it is handed in; without a person (O-15). */
  private async takeJournal(readerId: string, entries: JournalEntry[]): Promise<RpcOutput<HandIn>> {
    const facts = await this.get(readerId);
    for (const { id, at, outcome, tries, permit } of entries) {
      const read = await this.issued.find(permit, readerId, new Date(at));
      await this.pool.query({
        name: 'take_journal_entry',
        text: `
          INSERT INTO access.reader_offline
            (id, reader_id, institution_id, agreement_version_id, at, outcome, tries, permitted, taken_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, access.clock()) ON CONFLICT (id) DO NOTHING`,
        values: [
          id,
          readerId,
          facts.institution.id,
          read?.agreementVersionId ?? findAgreement(facts)?.versionId ?? null,
          at,
          outcome,
          tries,
          read !== undefined,
        ],
      });
    }
    this.evidence.wake();
    return { taken: entries.map(({ id }) => id) };
  }

  /** @throws {AppError} AGENT_REVOKED, and throws it out: the first attempt may have failed */
  private async get(readerId: string): Promise<OfficeReader> {
    const facts = await this.readers.findWithOffice(readerId);
    if (!facts) throw new AppError('RESOURCE_NOT_FOUND');
    if (!facts.reader.revoked && facts.reader.joined) return facts;
    this.log.event('warn', 'an agent that is revoked was still there', { subject: readerId });
    await this.connections.throwOut(readerId);
    throw new AppError('AGENT_REVOKED');
  }
}
