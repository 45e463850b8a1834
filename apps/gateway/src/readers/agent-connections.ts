import type { DataSource, EntityManager } from 'typeorm';
import { counter, poolOf, type Log } from '#service';
import { clockOf, record } from '../administration/admin-record.js';
import { UsedAssertions } from '../tokens/used-assertions.js';
import { claimedReader, verifyAssertion, type ProvenAgent } from './bus/agent-assertion.js';
import type { BrokerConnection, SystemLine } from './bus/system-line.js';
import { Reader } from './entities.js';

const secondAgents = counter('gerbang_second_agents_total', 'Second agents with the credentials of one, refused', []);

/** A second agent tries again and again; it is put on record once in so long. */
const reportSecondAgentMs = 600_000;

export type Admission =
  { readerId: string } | { refused: 'malformed' | 'unknown' | 'assertion' | 'replayed' | 'second-agent' };

/** Whose agent is connected: one for each reader, proven by its key. */
export class AgentConnections {
  private readonly used: UsedAssertions;

  constructor(
    private readonly database: DataSource,
    private readonly system: Pick<SystemLine, 'isThere' | 'kick'>,
    private readonly log: Log,
  ) {
    this.used = new UsedAssertions(poolOf(database));
  }

  /** Whether an agent may come in by this connection. */
  async admit(assertion: string, connection: BrokerConnection): Promise<Admission> {
    const readerId = claimedReader(assertion);
    if (readerId === undefined) return { refused: 'malformed' };
    const known = await this.database.manager.findOneBy(Reader, { id: readerId });
    if (!known?.agentPublicKey || known.revokedAt) return { refused: 'unknown' };
    let agent: ProvenAgent;
    try {
      agent = await verifyAssertion(assertion, { readerId, publicKey: known.agentPublicKey });
    } catch (error) {
      this.log.failure('assertion of an agent is no good', error, { subject: readerId }, 'warn');
      return { refused: 'assertion' };
    }
    if (!(await this.used.spend(`reader ${readerId}`, agent))) return { refused: 'replayed' };
    // only who has proven to be this agent gets as far as the lock
    return this.database.transaction((manager) => this.enter(manager, known, agent, connection));
  }

  /** Throws out whoever is connected for this reader; made up for at the agent's next report when it failed. */
  async throwOut(readerId: string): Promise<void> {
    const reader = await this.database.manager.findOneBy(Reader, { id: readerId });
    const connection = reader && connectionOf(reader);
    if (connection) await this.system.kick(connection);
  }

  /** The broker says that this connection is gone. */
  async forget({ server, cid }: BrokerConnection): Promise<void> {
    await this.database.manager.update(
      Reader,
      { connectedServer: server, connectedCid: String(cid) },
      { connectedServer: null, connectedCid: null, connectedInstance: null },
    );
  }

  private async enter(
    manager: EntityManager,
    known: Reader,
    agent: ProvenAgent,
    connection: BrokerConnection,
  ): Promise<Admission> {
    const where = { id: known.id };
    const reader = await manager.findOne(Reader, { where, lock: { mode: 'for_no_key_update' } });
    // it may have been taken away since the first look
    if (!reader || reader.revokedAt || reader.agentPublicKey !== known.agentPublicKey) return { refused: 'unknown' };
    const before = connectionOf(reader);
    if (before && (await this.system.isThere(before))) {
      if (reader.connectedInstance !== agent.instanceId) {
        await this.reportSecond(manager, reader);
        return { refused: 'second-agent' };
      }
      // the same process with a new connection: what it had is half open
      await this.system.kick(before);
    }
    await manager.update(Reader, where, {
      connectedServer: connection.server,
      connectedCid: String(connection.cid),
      connectedInstance: agent.instanceId,
    });
    return { readerId: reader.id };
  }

  private async reportSecond(manager: EntityManager, reader: Reader): Promise<void> {
    secondAgents.inc();
    this.log.event('warn', 'second agent refused', { subject: reader.id, institutionId: reader.institutionId });
    const { now } = await clockOf(manager);
    if (reader.secondAgentAt && now.getTime() - reader.secondAgentAt.getTime() < reportSecondAgentMs) return;
    await manager.update(Reader, { id: reader.id }, { secondAgentAt: now });
    await record(manager, {
      institutionId: reader.institutionId,
      act: 'reader.second-agent',
      subject: { type: 'reader', id: reader.id },
      actor: { kind: 'system' },
      after: { refusedAt: now.toISOString() },
    });
  }
}

export function connectionOf({ connectedServer, connectedCid }: Reader): BrokerConnection | undefined {
  return connectedServer === null || connectedCid === null
    ? undefined
    : { server: connectedServer, cid: Number(connectedCid) };
}
