import type { FastifyRequest } from 'fastify';
import { AppError } from '#service';
import { isInsideClosedNetwork } from '../access/closed-network.js';
import { isOfOwnOrigin } from '../access/own-request.js';

const anywhere = ['0.0.0.0/0', '::/0'];

/**
 * From where a person may try to become one at all, before any name is looked at: our own page or a program (no log-in by
 * another site in the same browser), and the closed network (O-02).
 *
 * @throws {AppError} CSRF_INVALID, NETWORK_NOT_ALLOWED
 */
export function checkPlace(request: FastifyRequest): void {
  if (!isOfOwnOrigin(request)) throw new AppError('CSRF_INVALID');
  if (!isInsideClosedNetwork(request.ip, anywhere)) throw new AppError('NETWORK_NOT_ALLOWED');
}
