import { Body, Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AgentJoin, joinReaderAgent, type AgentJoined } from '#contracts';
import { AppError } from '#service';
import { isInsideClosedNetwork } from '../access/closed-network.js';
import { ApiRoute } from '../http/route.decorator.js';
import { GuessLimiter } from '../receipts/guess-limiter.js';
import { AgentJoining } from './agent-joining.js';

const anywhere = ['0.0.0.0/0', '::/0'];

/** Where a reader's PC trades its code for a place on the bus. */
@Controller()
export class ReaderAgentsController {
  private readonly guesses = new GuessLimiter();

  constructor(private readonly joining: AgentJoining) {}

  @ApiRoute(joinReaderAgent)
  async join(@Req() { ip }: FastifyRequest, @Body({ schema: AgentJoin }) body: AgentJoin): Promise<AgentJoined> {
    if (!isInsideClosedNetwork(ip, anywhere)) throw new AppError('NETWORK_NOT_ALLOWED');
    const isWrong = (answer: unknown) => answer instanceof AppError && answer.code === 'JOIN_CODE_INVALID';
    return this.guesses.guard([`from ${ip}`], () => this.joining.join(body), isWrong);
  }
}
