import type { Server, Socket } from 'node:net';

/** The TCP connections beneath the requests: a TLS socket cannot be reset itself, only the one that it wraps. */
export class Connections {
  readonly #open = new Map<string, Socket>();

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      this.#open.set(peer, socket);
      socket.once('close', () => this.#open.delete(peer));
    });
  }

  /** Ends the connection with RST. */
  reset(socket: Socket): void {
    (this.#open.get(peerOf(socket)) ?? socket).resetAndDestroy();
  }
}

const peerOf = (socket: Socket) => `${socket.remoteAddress}|${socket.remotePort}`;
