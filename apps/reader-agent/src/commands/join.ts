import { AgentJoined } from '#contracts/readers/agent';
import { Identity, makeKey } from '../state/identity.js';
import type { StateFolder } from '../state/state-folder.js';
import { version } from '../version.js';
import { Refused } from './refused.js';

const withinMs = 20_000;

/**
 * `reader-agent join <code> --url <gateway>`: makes a key pair on this PC and trades the one-time code for a place on the bus.
 *
 * @throws {Refused}
 */
export async function join(folder: StateFolder, code: string, gatewayUrl: string): Promise<string> {
  const { privateJwk, publicKey } = makeKey();
  const answer = await ask(new URL('/v1/reader-agents', gatewayUrl), { code, publicKey, version });
  const joined = AgentJoined.safeParse(answer);
  if (!joined.success)
    throw new Refused('Jawaban gateway tidak dikenal. Samakan versi reader-agent dengan versi gateway.');
  folder.make();
  // the key first: an identity without its key would be a reader that cannot be joined again without a new code
  folder.write('key.jwk', privateJwk);
  folder.write('identity.json', Identity.parse({ ...joined.data, gatewayUrl }));
  return `Komputer ini sekarang melayani satu alat baca ${joined.data.institutionName}. Jalankan "reader-agent check", lalu nyalakan layanannya.`;
}

async function ask(url: URL, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
  } catch {
    throw new Refused(
      `Gateway ${url.origin} tidak terjangkau. Periksa alamat (--url), kabel jaringan dan VPN, lalu ulangi.`,
    );
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const detail = typeof answer === 'object' && answer !== null && 'detail' in answer ? answer.detail : undefined;
  throw new Refused(
    typeof detail === 'string' ? detail : `Gateway menolak (HTTP ${response.status}). Hubungi admin kecamatan.`,
  );
}
