import type { Pool } from 'pg';
import type { AgentStatus } from '#contracts';
import type { AccessFacts } from '../access/access-facts.js';
import { ofInstitution, todayOfFacts } from '../access/access.repository.js';
import type { ReaderGateFacts } from '../access/decide-read.js';

export interface ReaderFacts extends ReaderGateFacts {
  id: string;
  brand: string;
  type: string;
  serial: string;
  workUnit: string;
  joined: boolean;
  connection: { server: string; cid: number; instance: string } | null;
  status: AgentStatus | null;
  seenAt: string | null;
  /** Seconds since its last report. */
  silent: number | null;
}

/** One reader with its office, as the database says at one moment. */
export interface OfficeReader extends Pick<AccessFacts, 'today' | 'agreements' | 'institution'> {
  reader: ReaderFacts;
}

const ofReader = `
  jsonb_build_object('id', reader.id, 'institutionId', reader.institution_id, 'brand', reader.brand, 'type', reader.type,
    'serial', reader.serial, 'workUnit', reader.work_unit, 'revoked', reader.revoked_at IS NOT NULL,
    'joined', reader.agent_public_key IS NOT NULL, 'status', reader.status, 'seenAt', reader.seen_at,
    'silent', extract(epoch FROM access.clock() - reader.seen_at),
    'connection', CASE WHEN reader.connected_cid IS NOT NULL THEN jsonb_build_object('server', reader.connected_server,
      'cid', reader.connected_cid, 'instance', reader.connected_instance) END,
    'sam', (SELECT jsonb_build_object('serial', sam.serial, 'agreementId', sam.agreement_id,
        'active', sam.activated_on IS NOT NULL AND sam.returned_on IS NULL AND sam.deactivated_on IS NULL)
      FROM access.sam_assignment AS assignment JOIN access.sam ON sam.id = assignment.sam_id
      WHERE assignment.reader_id = reader.id AND assignment.ended_at IS NULL))`;

export class ReaderRepository {
  constructor(private readonly pool: Pool) {}

  async find(readerId: string): Promise<ReaderFacts | undefined> {
    const { rows } = await this.pool.query<{ reader: ReaderFacts }>({
      name: 'reader_facts',
      text: `SELECT ${ofReader} AS reader FROM access.reader WHERE id = $1`,
      values: [readerId],
    });
    return rows[0]?.reader;
  }

  /** Those that are not revoked, by work unit. */
  async list(institutionId: string): Promise<ReaderFacts[]> {
    const { rows } = await this.pool.query<{ reader: ReaderFacts }>({
      name: 'readers_of_institution',
      text: `SELECT ${ofReader} AS reader FROM access.reader
        WHERE institution_id = $1 AND revoked_at IS NULL ORDER BY work_unit, serial`,
      values: [institutionId],
    });
    return rows.map(({ reader }) => reader);
  }

  /** With its office, for a permit. */
  async findWithOffice(readerId: string): Promise<OfficeReader | undefined> {
    const { rows } = await this.pool.query<{ facts: OfficeReader }>({
      name: 'reader_with_office',
      text: `
        SELECT jsonb_build_object(${ofInstitution}, 'reader', ${ofReader}) AS facts
        FROM access.reader JOIN access.institution ON institution.id = reader.institution_id, LATERAL ${todayOfFacts}
        WHERE reader.id = $1`,
      values: [readerId],
    });
    return rows[0]?.facts;
  }

  /** What its agent tells of itself. */
  async keepStatus(readerId: string, status: AgentStatus): Promise<void> {
    await this.pool.query({
      name: 'reader_status',
      text: 'UPDATE access.reader SET status = $2, seen_at = access.clock() WHERE id = $1',
      values: [readerId, JSON.stringify(status)],
    });
  }
}
