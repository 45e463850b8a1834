import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { AppError } from '#service';
import type { ClientPrincipal } from '../access/principal.js';
import { Tokens } from './tokens.js';

type Verified = (error: unknown, principal?: ClientPrincipal) => void;

/** RFC 6750 2.1: the header only. Tokens in a query or a body end up in logs. */
class BearerHeader extends passport.Strategy {
  override name = 'bearer';

  constructor(private readonly verify: (token: string, done: Verified) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    const { authorization } = (request as FastifyRequest).headers;
    // somebody else may know who this is: a person with a session
    if (authorization === undefined) {
      this.fail();
      return;
    }
    const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization) ?? [];
    if (token === undefined) {
      this.error(new AppError('TOKEN_INVALID'));
      return;
    }
    this.verify(token, (error, principal) => (error ? this.error(error) : this.success(principal as object)));
  }
}

@Injectable()
export class BearerStrategy extends PassportStrategy(BearerHeader, 'bearer') {
  constructor(private readonly tokens: Tokens) {
    super();
  }

  async validate(token: string): Promise<ClientPrincipal> {
    return this.tokens.verify(token);
  }
}
