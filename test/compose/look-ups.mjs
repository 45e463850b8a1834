/**
 * `node look-ups.mjs <how many> <at a time> <file of the demo client's secret> <url>... < people.json`: look-ups of different
 * people, in turn over the gateways, and what came of them. Goes to this machine only.
 */
import { readFileSync } from 'node:fs';

const [count, concurrency, secretFile, ...urls] = process.argv.slice(2);
if (urls.length === 0 || urls.some((url) => new URL(url).hostname !== '127.0.0.1'))
  throw new Error('Only gateways on 127.0.0.1 are asked.');
const niks = JSON.parse(readFileSync(0, 'utf8'))
  .map(({ nik }) => nik)
  .slice(0, Number(count));
if (niks.length !== Number(count) || niks.length > 5_000)
  throw new Error(`${niks.length} people for ${count} look-ups`);

const secret = readFileSync(secretFile, 'utf8').trim();
const tokens = await Promise.all(urls.map(getToken));
const outcomes = new Map();
const latencies = [];
const started = performance.now();
let next = 0;
await Promise.all(Array.from({ length: Number(concurrency) }, work));
const seconds = (performance.now() - started) / 1_000;

const told = [...outcomes].sort(([a], [b]) => a.localeCompare(b)).map(([name, times]) => `${name} ${times}`);
const p99 = latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)];
process.stdout.write(
  `${told.join(', ')} in ${seconds.toFixed(1)} s, p99 ${Math.round(p99)} ms, over ${urls.length} gateways\n`,
);

async function work() {
  while (next < niks.length) {
    const index = next++;
    const at = performance.now();
    const outcome = await lookUp(niks[index], index % urls.length).catch((error) => error.cause?.code ?? error.name);
    latencies.push(performance.now() - at);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

async function lookUp(nik, gateway) {
  const answer = await fetch(`${urls[gateway]}/v1/verifications`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[gateway]}`, 'content-type': 'application/json' },
    body: JSON.stringify({ nik, purpose: { service: 'SKU', reference: '500/001/SKU/XI/2026' } }),
    signal: AbortSignal.timeout(30_000),
  });
  const body = await answer.json();
  return body.outcome ?? body.code ?? `status ${answer.status}`;
}

async function getToken(url) {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`paten-contoh:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', operator: 'siti.loket1' }),
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return (await answer.json()).access_token;
}
