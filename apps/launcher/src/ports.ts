import { createServer } from 'node:net';
import { StartError } from './start-error.js';

const host = '127.0.0.1';

/** A port that nobody listens on just now. */
export async function findFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new StartError('No free port was found on 127.0.0.1.');
  return port;
}

/** The preferred port where it is free, any other where it is not. */
export async function preferPort(port: number): Promise<number> {
  return (await tryPort(port)) ?? findFreePort();
}

/** @throws {StartError} when the port that was asked for by `variable` is taken */
export async function demandPort(port: number, variable: string): Promise<number> {
  const free = await tryPort(port);
  if (free === undefined)
    throw new StartError(
      `Port ${port} (${variable}) is taken by another program. Stop that program, or set ${variable} to another port.`,
    );
  return free;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
