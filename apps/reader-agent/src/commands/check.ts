import { Log } from '#service/log';
import { makeReader } from '../adapters/make-reader.js';
import { askGateway } from '../check/ask-gateway.js';
import { aboutClock, aboutJournal, aboutPermit, aboutReader, aboutSam, type Finding } from '../check/layers.js';
import { tryCard } from '../check/try-card.js';
import { Clock } from '../clock.js';
import { loadConfig } from '../config.js';
import { PermitVerifier } from '../permit.js';
import { loadIdentity, trustedKeys } from '../state/identity.js';
import { Journal } from '../state/journal.js';
import { StateLock } from '../state/lock.js';
import type { StateFolder } from '../state/state-folder.js';
import { deviceSettled } from '../check/device-settled.js';

/**
 * `reader-agent check`: layer by layer, each with what to do. Takes the place of the service, so that one is stopped first.
 *
 * @returns 0 when all is good, 1 otherwise
 */
export async function check(
  folder: StateFolder,
  { card, say }: { card: boolean; say: (text: string) => void },
): Promise<number> {
  const config = loadConfig(folder);
  const joined = loadIdentity(folder);
  const lock = StateLock.take(folder.file('lock'));
  const log = Log.create('reader-agent', 'error');
  const findings: Finding[] = [];
  const tell = (...found: Finding[]) => {
    findings.push(...found);
    for (const { layer, good, text } of found) say(`${good ? 'BAIK ' : 'GAGAL'} ${layer.padEnd(9)} ${text}`);
  };
  const reader = await makeReader(config, log);
  try {
    await deviceSettled(reader);
    const { reader: name, faults, sam } = reader.state();
    tell(...aboutReader(name, faults));
    const clock = new Clock();
    const { finding, answer } = await askGateway(joined, reader, clock, log);
    const keys = trustedKeys(folder, joined.identity, () => clock.monotonicNow());
    const verifier = new PermitVerifier(joined.identity, keys, clock);
    const permit = answer?.permit ? await verifier.verify(answer.permit) : undefined;
    tell(aboutSam(sam, permit?.samSerial), finding, aboutClock(clock.skewMs(), clock.synced));
    tell(aboutPermit(answer, permit !== undefined));
    const journal = Journal.open(folder.file('journal.log'));
    tell(aboutJournal(journal));
    journal.close();
    if (card) tell(await tryCard(reader, say));
  } finally {
    await reader.close();
    lock.release();
  }
  return findings.every(({ good }) => good) ? 0 : 1;
}
