import { randomUUID } from 'node:crypto';
import { reportAgent } from '#contracts/readers/agent';
import type { Log } from '#service/log';
import { makeAssertion } from '../bus/assertion.js';
import { Connection } from '../bus/connection.js';
import { askGatewayTime } from '../bus/gateway-time.js';
import type { Clock } from '../clock.js';
import { fitStatus } from '../fit-status.js';
import type { CardReader } from '../port.js';
import type { ReportAnswer } from '../reporter.js';
import type { loadIdentity } from '../state/identity.js';
import { version } from '../version.js';
import { bad, type Finding } from './layers.js';

const withinMs = 10_000;

/** Dials the broker as the agent would, and reports once: line, clock and permit in one. */
export async function askGateway(
  { identity, key }: ReturnType<typeof loadIdentity>,
  reader: CardReader,
  clock: Clock,
  log: Log,
): Promise<{ finding: Finding; answer?: ReportAnswer }> {
  const { readerId } = identity;
  const instanceId = randomUUID();
  let refused = false;
  const connection = new Connection(
    { servers: identity.servers, caPem: identity.caPem, readerId },
    () => makeAssertion(key, { readerId, instanceId, now: clock.now() }),
    async () => {
      refused = true;
      await askGatewayTime(identity.gatewayUrl, clock);
    },
    log,
  );
  const opened = connection.open(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  try {
    await Promise.race([opened, late]);
    if (!connection.connected) return { finding: bad('broker', notReached(refused)) };
    const { status, odd } = fitStatus({
      ...{ instanceId, version, adapter: reader.adapter, busy: false, journal: 0 },
      ...reader.state(),
    });
    if (odd.length > 0) log.event('error', 'device tells what does not fit', { reason: odd.join() });
    const asked = clock.monotonicNow();
    const answer = await connection.call(reportAgent(readerId), status, withinMs);
    clock.sync(answer.now, asked);
    return { finding: { layer: 'broker', good: true, text: 'Tersambung ke gateway.' }, answer };
  } catch {
    const text =
      'Broker terjangkau, tetapi gateway tidak menjawab. Tunggu sebentar lalu ulangi; bila tetap, hubungi admin.';
    return { finding: bad('broker', text) };
  } finally {
    clearTimeout(timer);
    await connection.close();
  }
}

const notReached = (refused: boolean): string =>
  refused
    ? 'Broker menolak komputer ini: pendaftarannya dicabut, atau agen lain sedang memakainya. Hentikan layanan reader-agent lalu ulangi; bila tetap, minta kode baru ke admin.'
    : 'Broker tidak terjangkau. Periksa kabel jaringan, VPN dan tembok api (keluar ke alamat di identity.json), lalu ulangi.';
