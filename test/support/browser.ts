import { parseSetCookie } from 'cookie';
import type { LogIn, SessionInfo } from '#contracts';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A browser at one address: keeps cookies, and names the CSRF token as our page does. */
export class Browser {
  readonly cookies = new Map<string, string>();
  csrfToken = '';

  constructor(
    private readonly url: string,
    readonly address = '10.0.0.1',
  ) {}

  /** The same cookies at another gateway of the installation. */
  at(url: string): Browser {
    const other = new Browser(url, this.address);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    other.csrfToken = this.csrfToken;
    return other;
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'x-forwarded-for': this.address,
        'sec-fetch-site': 'same-origin',
        ...(this.csrfToken && method !== 'GET' ? { 'x-csrf-token': this.csrfToken } : {}),
        ...(this.cookies.size > 0 ? { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const { name, value, maxAge } = parseSetCookie(line);
      if (maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value ?? '');
    }
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  async logIn(form: LogIn): Promise<Answered> {
    const answer = await this.send('POST', '/session', form);
    if (answer.status === 200) this.csrfToken = (answer.body as SessionInfo).csrfToken;
    return answer;
  }
}
