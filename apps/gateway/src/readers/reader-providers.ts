import type { Provider } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { poolOf, type Log, type RpcClient } from '#service';
import { AccessService } from '../access/access.service.js';
import { StandingAccess } from '../access/standing-access.js';
import type { Config } from '../config.js';
import { SigningKeys } from '../tokens/signing-keys.js';
import { AgentBus } from './agent-bus.js';
import { AgentConnections } from './agent-connections.js';
import { AgentJoining } from './agent-joining.js';
import { AgentReports } from './agent-reports.js';
import { AgentLine } from './bus/agent-line.js';
import { AuthCallout } from './bus/auth-callout.js';
import { BrokerClaims } from './bus/broker-claims.js';
import { SystemLine } from './bus/system-line.js';
import { IssuedPermits } from './issued-permits.js';
import { Permits } from './permits.js';
import { ReadEvidence } from './read-evidence.js';
import { ReadGate } from './read-gate.js';
import { ReadRecords } from './read-records.js';
import { ReaderRepository } from './reader-facts.js';
import { ReaderService } from './reader.service.js';
import { Reads } from './reads.js';
import { RegisterCheck } from './register-check.js';

type ReaderConfig = Pick<Config, 'bus' | 'readers' | 'issuer' | 'verifyDeadlineMs'>;

/** What all parts of the bus for readers need, made once. */
class ReaderParts {
  readonly line: AgentLine;
  readonly readers: ReaderRepository;
  readonly records: ReadRecords;
  readonly permits: Permits;
  readonly evidence: ReadEvidence;
  /** undefined where the installation has no bus for readers. */
  readonly bus: { agentBus: AgentBus; connections: AgentConnections; reads: Reads } | undefined;

  constructor(
    database: DataSource,
    config: ReaderConfig,
    log: Log,
    rpc: RpcClient,
    { keys, access, standing }: { keys: SigningKeys; access: AccessService; standing: StandingAccess },
  ) {
    const pool = poolOf(database);
    const line = (this.line = new AgentLine(log));
    const readers = (this.readers = new ReaderRepository(pool));
    const records = (this.records = new ReadRecords(pool, () => this.evidence.wake()));
    this.evidence = new ReadEvidence(database, rpc, log);
    const issued = new IssuedPermits(pool);
    const permits = (this.permits = new Permits(keys, config.issuer, issued, config.readers.simulated));
    const { bus } = config.readers;
    if (!bus) return;
    const system = new SystemLine({ servers: config.bus.servers, password: bus.systemPassword }, log);
    const connections = new AgentConnections(database, system, log);
    const callout = new AuthCallout(new BrokerClaims(bus.issuerSeed), connections, log);
    const reports = new AgentReports(readers, permits, issued, connections, pool, this.evidence, log);
    const gate = new ReadGate(readers, access, standing);
    const register = new RegisterCheck(rpc, gate, config.verifyDeadlineMs);
    const reads = new Reads(
      { line, system, gate, permits, records, readers, register, log },
      config.readers.readDeadlineMs,
    );
    const agentBus = new AgentBus({ line, system, callout, connections, reports, reads }, log);
    this.bus = { agentBus, connections, reads };
  }
}

/** Asked for by `start`: null where there is no bus for readers. */
export const agentBusToken = 'agent bus';
/** Throws out the agent of a reader: for acts that take away. */
export const throwOutToken = 'throw out agent';
export type ThrowOut = (readerId: string) => Promise<void>;

export function readerProviders(config: ReaderConfig, log: Log, rpc: RpcClient): Provider[] {
  return [
    {
      provide: ReaderParts,
      useFactory: (database: DataSource, keys: SigningKeys, access: AccessService, standing: StandingAccess) =>
        new ReaderParts(database, config, log, rpc, { keys, access, standing }),
      inject: [getDataSourceToken(), SigningKeys, AccessService, StandingAccess],
    },
    {
      provide: ReaderService,
      useFactory: ({ readers, records, line, bus }: ReaderParts) =>
        new ReaderService(readers, records, line, bus?.reads, config.readers.simulated),
      inject: [ReaderParts],
    },
    {
      provide: AgentJoining,
      useFactory: (database: DataSource, { permits, bus }: ReaderParts) =>
        new AgentJoining(database, permits, bus && { connections: bus.connections, address: config.readers.address }),
      inject: [getDataSourceToken(), ReaderParts],
    },
    { provide: ReadEvidence, useFactory: ({ evidence }: ReaderParts) => evidence, inject: [ReaderParts] },
    { provide: agentBusToken, useFactory: ({ bus }: ReaderParts) => bus?.agentBus ?? null, inject: [ReaderParts] },
    {
      provide: throwOutToken,
      useFactory:
        ({ bus }: ReaderParts): ThrowOut =>
        async (readerId) =>
          bus?.connections.throwOut(readerId),
      inject: [ReaderParts],
    },
  ];
}
