const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export const HTML = 'text/html;charset=utf-8';

/** An error page as a Java application server shows it. */
export function errorPage(status: number): string {
  const title = `HTTP Status ${status} – ${REASONS[status] ?? 'Error'}`;
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><hr class="line" /></body></html>`;
}

/** What a proxy in between shows when its log-in has expired. */
export const LOGIN_PAGE =
  '<!doctype html><html lang="id"><head><title>Login</title></head><body><form action="/login" method="post">' +
  '<input name="username"/><input name="password" type="password"/><button>Masuk</button></form></body></html>';
