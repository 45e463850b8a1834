import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import type { SessionPrincipal } from '../access/principal.js';
import { csrfTokenOf, SessionCookies, sha256OfToken } from './session-cookies.js';

type Named = (error: unknown, principal?: SessionPrincipal | null) => void;

class CookieOfSession extends passport.Strategy {
  override name = 'session';

  constructor(private readonly verify: (request: FastifyRequest, done: Named) => void) {
    super();
  }

  override authenticate(request: unknown): void {
    this.verify(request as FastifyRequest, (error, principal) => {
      if (error) this.error(error);
      else if (principal) this.success(principal);
      // somebody else may know who this is: an application with a token
      else this.fail();
    });
  }
}

/** A person by the cookie; whether its session is still open is decided with the facts. */
@Injectable()
export class SessionStrategy extends PassportStrategy(CookieOfSession, 'session') {
  constructor(private readonly cookies: SessionCookies) {
    super();
  }

  validate(request: FastifyRequest): SessionPrincipal | null {
    const token = this.cookies.findSession(request);
    if (token === undefined) return null;
    return { kind: 'session', tokenSha256: sha256OfToken(token).toString('base64url'), csrfToken: csrfTokenOf(token) };
  }
}
