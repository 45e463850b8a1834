import type { CheckpointPage } from '#contracts';
import { BundleVerifier } from '#evidence';
import type { LoggedInPerson } from './people.js';
import type { RunningStack } from './running-stack.js';

/** The leaf of an event in a signed bundle, and what a verifier finds wrong with the bundle. */
export async function leafInBundle(stack: RunningStack, camat: LoggedInPerson, eventId: string) {
  const headers = { cookie: camat.cookie, 'x-csrf-token': camat.csrf, 'sec-fetch-site': 'same-origin' };
  const signed = await stack.send('POST', '/v1/evidence/checkpoints', { headers });
  if (signed.status !== 201) throw new Error(signed.text);
  const { text } = await stack.send('GET', '/v1/evidence/export', { headers });
  const { body } = await stack.send<CheckpointPage>('GET', '/v1/evidence/checkpoints', { headers });
  const lines = text.split('\n').slice(0, -1);
  const verifier = new BundleVerifier({ keys: body.keys });
  for (const line of lines) verifier.line(line);
  const found = lines
    .map((line) => (JSON.parse(line) as { leaf?: Record<string, unknown> }).leaf)
    .find((leaf) => leaf?.id === eventId);
  return { leaf: found, report: verifier.end() };
}
