import { usageFailure } from './exit-status.js';
import type { Io } from './io.js';
import type { General } from './options.js';
import type { SavedSession } from './session-file.js';

/** Where the gateway is: --url, GERBANG_URL, else where the session was begun. Without a slash at the end. */
export function targetOf(general: General, { environment }: Io, session: SavedSession | undefined): string {
  const given = general.url ?? (environment.GERBANG_URL || undefined) ?? session?.url;
  if (given === undefined)
    throw usageFailure('Alamat gateway belum diketahui: tulis --url https://... atau isi GERBANG_URL.');
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw usageFailure(`Alamat gateway "${given}" tidak benar: tulis misalnya https://gerbang.kecamatan.example.`);
  if (url.username !== '' || url.password !== '')
    throw usageFailure('Alamat gateway tidak boleh memuat nama pengguna atau kata sandi.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether what is sent can be read on the way. */
export function isUnprotected(target: string): boolean {
  const { protocol, hostname } = new URL(target);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
