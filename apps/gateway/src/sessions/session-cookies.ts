import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceLifetime } from './device-cookie.js';

const tokenBytes = 32;
const csrfBytes = 16;

/** The value of a session's cookie: 256 random bits. Only its SHA-256 is kept. */
export const makeSessionToken = (): string => randomBytes(tokenBytes).toString('base64url');

export const sha256OfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Follows from the cookie's value, so that nothing is stored; 128 bits that do not lead back to it. */
export const csrfTokenOf = (token: string): string =>
  createHash('sha256').update(`csrf\0${token}`).digest().subarray(0, csrfBytes).toString('base64url');

/** The two cookies: of the session, and of the browser that somebody has logged in with before. */
@Injectable()
export class SessionCookies {
  private readonly session: string;
  private readonly device: string;
  private readonly attributes;

  /** @param secure false only where the gateway is reached without TLS: the browser then guarantees less (RFC 6265bis 4.1.3) */
  constructor(secure: boolean) {
    const prefix = secure ? '__Host-' : '';
    this.session = `${prefix}gerbang_session`;
    this.device = `${prefix}gerbang_device`;
    this.attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  }

  findSession({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
    return parseCookie(headers.cookie ?? '')[this.session] || undefined;
  }

  findDevice({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
    return parseCookie(headers.cookie ?? '')[this.device];
  }

  /** Without an age: a browser that is closed has logged out. */
  setSession(reply: FastifyReply, token: string): void {
    void reply.header('Set-Cookie', stringifySetCookie(this.session, token, this.attributes));
  }

  clearSession(reply: FastifyReply): void {
    void reply.header('Set-Cookie', stringifySetCookie(this.session, '', { ...this.attributes, maxAge: 0 }));
  }

  setDevice(reply: FastifyReply, value: string): void {
    const attributes = { ...this.attributes, maxAge: deviceLifetime };
    void reply.header('Set-Cookie', stringifySetCookie(this.device, value, attributes));
  }
}
