import type { DataSource } from 'typeorm';
import type { AgentJoin, AgentJoined } from '#contracts';
import { AppError } from '#service';
import { Institution } from '../access/entities.js';
import { clockOf, record } from '../administration/admin-record.js';
import { sha256OfCode } from '../sessions/human-code.js';
import type { AgentConnections } from './agent-connections.js';
import { Reader } from './entities.js';
import type { Permits } from './permits.js';

export interface BusAddress {
  servers: string[];
  caPem: string | null;
}

const noAddress = {
  path: 'GATEWAY_READER_BUS_URLS',
  message:
    'Alamat bus untuk alat baca belum diatur. Admin server mengisi GATEWAY_READER_BUS_URLS (tls://...) lalu memulai ulang gateway; kode ini masih berlaku.',
};

/** A one-time code for a place on the bus. */
export class AgentJoining {
  constructor(
    private readonly database: DataSource,
    private readonly permits: Permits,
    /** undefined: this installation has no bus for readers. */
    private readonly bus: { connections: AgentConnections; address: BusAddress } | undefined,
  ) {}

  /** @throws {AppError} JOIN_CODE_INVALID: nobody learns whether it is wrong, used or too old */
  async join({ code, publicKey, version }: AgentJoin): Promise<AgentJoined> {
    const { bus } = this;
    if (!bus) throw new AppError('SERVICE_UNAVAILABLE');
    // before the code is spent: it would be lost with an address that leads nowhere
    if (bus.address.servers.length === 0) throw new AppError('SERVICE_UNAVAILABLE', { issues: [noAddress] });
    const joined = await this.database.transaction(async (manager) => {
      const where = { joinCodeSha256: sha256OfCode(code) };
      const reader = await manager.findOne(Reader, { where, lock: { mode: 'for_no_key_update' } });
      const { now } = await clockOf(manager);
      if (!reader || reader.revokedAt || !reader.joinCodeExpiresAt || reader.joinCodeExpiresAt <= now)
        throw new AppError('JOIN_CODE_INVALID');
      await manager.update(
        Reader,
        { id: reader.id },
        {
          agentPublicKey: publicKey.x,
          agentJoinedAt: now,
          joinCodeSha256: null,
          joinCodeExpiresAt: null,
          status: null,
          seenAt: null,
        },
      );
      await record(manager, {
        institutionId: reader.institutionId,
        act: 'reader.join-agent',
        subject: { type: 'reader', id: reader.id },
        actor: { kind: 'system' },
        before: { joinedAt: reader.agentJoinedAt?.toISOString() ?? null },
        after: { joinedAt: now.toISOString(), version },
      });
      const institution = await manager.findOneByOrFail(Institution, { id: reader.institutionId });
      return { readerId: reader.id, institutionName: institution.name };
    });
    // whoever was connected with the key before
    await bus.connections.throwOut(joined.readerId);
    return { ...joined, ...bus.address, jwks: await this.permits.jwks(), issuer: this.permits.issuer };
  }
}
