import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { counter, type Log } from '#service';
import type { AgentConnections } from '../agent-connections.js';
import { readAuthRequest, type AuthRequest, type BrokerClaims } from './broker-claims.js';

const logIns = counter('gerbang_agent_log_ins_total', 'Agents of readers that asked to come in, by what became of it', [
  'result',
]);

/** At once, in this process; what comes on top is not answered and so does not come in. */
const mostAtOnce = 100;

/**
 * Whoever comes to the broker without being one of its services is asked about here (auth callout). Only agents of readers are let
 * in, and any gateway may answer.
 */
export class AuthCallout {
  private asking = 0;
  private subscription: Subscription | undefined;

  constructor(
    private readonly claims: BrokerClaims,
    private readonly connections: AgentConnections,
    private readonly log: Log,
  ) {}

  open(nats: NatsConnection): void {
    this.subscription = nats.subscribe('$SYS.REQ.USER.AUTH', {
      queue: 'gateway',
      callback: (error, message) => {
        if (error || this.asking >= mostAtOnce) return;
        this.asking += 1;
        void this.answer(message.string())
          .then((answer) => message.respond(answer))
          .catch((thrown: unknown) => this.log.failure('a log-in at the bus was not answered', thrown, {}, 'warn'))
          .finally(() => (this.asking -= 1));
      },
    });
  }

  async close(): Promise<void> {
    await this.subscription?.drain();
  }

  private async answer(text: string): Promise<string> {
    const request = readAuthRequest(text);
    const decision = await this.decide(request);
    logIns.inc({ result: 'readerId' in decision ? 'admitted' : decision.refused });
    if ('readerId' in decision) return this.claims.admit(request, decision.readerId);
    this.log.event('warn', 'refused at the bus', { reason: decision.refused });
    return this.claims.refuse(request, decision.refused);
  }

  private async decide({ token, server, cid }: AuthRequest) {
    if (token === undefined) return { refused: 'no-agent' } as const;
    return this.connections.admit(token, { server: server.id, cid });
  }
}
