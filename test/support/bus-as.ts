import type { Rpc, RpcInput, RpcOutput } from '#contracts';
import { makeBusClient, RpcClient } from '#service';
import type { RunningStack } from './running-stack.js';

/** Asks over the bus with the credentials of a service, whether or not one runs. */
export async function busAs(stack: RunningStack, app: 'reporting') {
  const env = stack.stack.environmentOf(app);
  const prefix = app.toUpperCase();
  const client = makeBusClient({
    servers: [stack.stack.nats.url],
    user: app,
    password: env[`${prefix}_NATS_PASSWORD`] ?? '',
  });
  await client.connect();
  const bus = new RpcClient(client);
  return {
    ask: <R extends Rpc>(rpc: R, input: RpcInput<R>): Promise<RpcOutput<R>> =>
      bus.call(rpc, input, { deadlineMs: 5_000 }),
    close: () => client.close(),
  };
}
