import { AgentJoined } from '#contracts/readers/agent';
import { isSafeAddress } from '../bus/safe-address.js';
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
  if (!isSafeAddress(gatewayUrl)) throw new Refused('Alamat gateway harus https://, agar kode tidak dapat disadap.');
  const { privateJwk, publicKey } = makeKey();
  folder.make();
  // before the code is traded: it counts once, and a folder that cannot be written would cost it
  folder.write('key.jwk.joining', privateJwk);
  try {
    const answer = await ask(new URL('/v1/reader-agents', gatewayUrl), { code, publicKey, version });
    const joined = AgentJoined.safeParse(answer);
    if (!joined.success)
      throw new Refused('Jawaban gateway tidak dikenal. Samakan versi reader-agent dengan versi gateway.');
    if (!joined.data.servers.every(isSafeAddress))
      throw new Refused(
        'Alamat broker tidak terenkripsi. Minta admin memakai tls:// di gateway, lalu minta kode baru.',
      );
    // the key first: an identity without its key would be a reader that cannot be joined again without a new code
    folder.rename('key.jwk.joining', 'key.jwk');
    folder.write('identity.json', Identity.parse({ ...joined.data, gatewayUrl }));
    return doneText(joined.data.institutionName);
  } finally {
    folder.remove('key.jwk.joining');
  }
}

const doneText = (institution: string): string =>
  `Komputer ini sekarang melayani satu alat baca ${institution}. Jalankan "reader-agent check", lalu nyalakan layanannya.`;

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
  } catch (error) {
    if (isUnknownCa(error))
      throw new Refused(
        `Sertifikat ${url.origin} tidak dikenal komputer ini. Simpan sertifikat CA (PEM) dari admin, setel NODE_EXTRA_CA_CERTS ke berkas itu (juga untuk layanannya), lalu ulangi.`,
      );
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

/** Node's codes for a chain that ends at nobody whom this PC knows. */
function isUnknownCa(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/.test(code);
}
