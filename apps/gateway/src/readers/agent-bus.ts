import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '#service';
import type { AgentConnections } from './agent-connections.js';
import type { AgentReports } from './agent-reports.js';
import type { AgentLine } from './bus/agent-line.js';
import type { AuthCallout } from './bus/auth-callout.js';
import type { SystemLine } from './bus/system-line.js';
import type { Reads } from './reads.js';

/** Everything of this gateway that agents of readers meet on the bus. */
export class AgentBus {
  constructor(
    private readonly parts: {
      line: AgentLine;
      system: SystemLine;
      callout: AuthCallout;
      connections: AgentConnections;
      reports: AgentReports;
      reads: Reads;
    },
    private readonly log: Log,
  ) {}

  /** @param nats the gateway's own connection */
  async open(nats: NatsConnection): Promise<void> {
    const { line, system, callout, connections, reports, reads } = this.parts;
    await system.open();
    system.onGone((gone) => {
      connections
        .forget(gone)
        // the next log-in of this agent asks the broker whether it is there
        .catch((error: unknown) => this.log.failure('an agent that went was not noted', error, {}, 'warn'));
    });
    line.open(nats);
    reports.open(line);
    callout.open(nats);
    void (async () => {
      for await (const { type } of nats.status()) if (type === 'disconnect') reads.lineLost();
    })();
  }

  async close(): Promise<void> {
    this.parts.reads.close();
    await this.parts.callout.close();
    await this.parts.line.close();
    await this.parts.system.close();
  }
}
