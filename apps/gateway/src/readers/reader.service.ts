import {
  agentSilentSeconds,
  cancelRead,
  errors,
  readerFaultDetails,
  type AgentStatus,
  type ErrorCode,
  type ReaderSummary,
  type ReadRequest,
} from '#contracts';
import { AppError } from '#service';
import { findAgreement, identityGates, lookupGates, operatorGates } from '../access/decide-access.js';
import { readerGates } from '../access/decide-read.js';
import type { AuthorisedRequest } from '../access/principal.js';
import { isUuid } from '../administration/visible-institution.js';
import type { AgentLine } from './bus/agent-line.js';
import { isSimulated } from './permits.js';
import type { ReadRecords } from './read-records.js';
import type { ReaderFacts, ReaderRepository } from './reader-facts.js';
import type { Reading, Reads } from './reads.js';

const cancelMs = 3_000;

/** What the counter asks of readers. */
export class ReaderService {
  constructor(
    private readonly readers: ReaderRepository,
    private readonly records: ReadRecords,
    private readonly line: AgentLine,
    /** undefined: this installation has no bus for readers. */
    private readonly reads: Reads | undefined,
    /** Whether a simulator counts as a reader. */
    private readonly simulated: boolean,
  ) {}

  async list({ facts, ip }: AuthorisedRequest): Promise<ReaderSummary[]> {
    const agreement = findAgreement(facts);
    const ofOffice = [...identityGates(facts, ip), ...lookupGates(facts, ip)].map(({ code }) => code);
    const readers = await this.readers.list(facts.institution.id);
    return readers.map((reader) => {
      const own = readerGates(reader, agreement).map(({ code }) => code);
      const state = stateOf({ ...reader, connected: reader.connection !== null });
      const away: ErrorCode[] = state === 'no-agent' || state === 'offline' ? ['READER_OFFLINE'] : [];
      const busy: ErrorCode[] = state === 'busy' ? ['READER_BUSY'] : [];
      const faults = (away.length > 0 ? [] : (reader.status?.faults ?? [])).map((code) => ({
        code,
        detail: readerFaultDetails[code],
      }));
      const tryOut: ErrorCode[] = !this.simulated && isSimulated(reader) ? ['READER_NOT_READY'] : [];
      const missing = [...ofOffice, ...own, ...tryOut, ...away, ...busy];
      return {
        id: reader.id,
        brand: reader.brand,
        type: reader.type,
        serial: reader.serial,
        workUnit: reader.workUnit,
        state,
        adapter: reader.status?.adapter ?? null,
        journal: journalOf(reader.status),
        sam: reader.sam === null ? null : reader.sam.active ? 'activated' : 'personalised',
        ready: missing.length === 0 && faults.length === 0,
        missing: missing.map((code) => ({ code, detail: errors[code].detail })),
        faults,
      };
    });
  }

  async begin(request: AuthorisedRequest, readerId: string, body: ReadRequest): Promise<Reading> {
    if (!this.reads) throw new AppError('READER_OFFLINE');
    return this.reads.begin(request, readerId, body);
  }

  /** By whoever began it, or the Camat. */
  async cancel({ facts }: AuthorisedRequest, readerId: string, readId: string): Promise<{ running: boolean }> {
    const gate = operatorGates(facts)[0];
    if (gate) throw new AppError(gate.code);
    const read = isUuid(readId) ? await this.records.findOpen(readId) : undefined;
    const mine = read?.operatorId === facts.operator?.id || facts.operator?.role === 'camat';
    if (!read || read.readerId !== readerId || read.institutionId !== facts.institution.id || !mine)
      throw new AppError('RESOURCE_NOT_FOUND');
    return this.line.ask(cancelRead(readerId), { readId }, cancelMs);
  }
}

/** What an agent says of the checks that it made without a line: those that it has yet to hand in, and those that are gone. */
function journalOf(status: AgentStatus | null): ReaderSummary['journal'] {
  if (status === null) return null;
  const { journal: waiting, lost, damaged } = status;
  return { waiting, ...(lost === undefined ? {} : { lost }), ...(damaged === undefined ? {} : { damaged }) };
}

/** How it stands; `silent` is the seconds since its last report. */
export function stateOf({
  revoked,
  joined,
  connected,
  silent,
  status,
}: Pick<ReaderFacts, 'revoked' | 'joined' | 'silent' | 'status'> & { connected: boolean }) {
  if (revoked) return 'revoked';
  if (!joined) return 'no-agent';
  if (!connected || silent === null || silent > agentSilentSeconds) return 'offline';
  return status?.busy ? 'busy' : 'online';
}
