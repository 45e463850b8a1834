import { existsSync, readFileSync } from 'node:fs';
import { InstitutionFile } from '#contracts';
import {
  demoClientId,
  demoConsumer,
  demoInstitution,
  demoOperators,
  expiredClientId,
  expiredInstitution,
} from './demo.js';
import { provisionInstitutions } from './provisioning.js';
import { stackFileName, type Stack } from './stack.js';

const peopleListed = 240;

/** What scripts and tests need to talk to a running stack. */
export interface StackFile {
  gatewayUrl: string;
  gatewayUrls: string[];
  managementUrl: string;
  sandboxUrl: string;
  client: { id: string; secret: string };
  operator: { username: string };
  camat: { username: string };
  admin: { username: string };
  evaluator: { username: string };
  people: { nik: string; outcome: string }[];
  expired: { client: { id: string; secret: string }; operator: { username: string } };
}

/** The demo institution, the expired one and the sandbox's consumer; then `.gerbang/stack.json`. */
export async function setUpDemo(stack: Stack): Promise<StackFile> {
  const { state, sandbox } = stack;
  const secrets = {
    client: state.secret('demo-client'),
    expiredClient: state.secret('demo-expired-client'),
    ministryPassword: state.secret('demo-ministry-password'),
  };
  const consumer = demoConsumer(secrets.ministryPassword);
  await putConsumer(sandbox.url, consumer);
  await provisionInstitutions(stack, [currentDemo(stack, secrets), expiredInstitution(secrets)]);
  const people = (await (await fetch(`${sandbox.url}/_control/people?limit=${peopleListed}`)).json()) as {
    nik: string;
    outcome: string;
  }[];
  const file: StackFile = {
    gatewayUrl: stack.gatewayUrl,
    gatewayUrls: stack.replicas.gateway.map(({ url }) => url ?? ''),
    managementUrl: `http://127.0.0.1:${stack.replicas.gateway[0]?.managementPort}`,
    sandboxUrl: sandbox.url,
    client: { id: demoClientId, secret: secrets.client },
    operator: { username: demoOperators.operator },
    camat: { username: demoOperators.camat },
    admin: { username: demoOperators.admin },
    evaluator: { username: demoOperators.evaluator },
    people: people.map(({ nik, outcome }) => ({ nik, outcome })),
    expired: { client: { id: expiredClientId, secret: secrets.expiredClient }, operator: { username: 'budi.loket1' } },
  };
  state.writeJson(stackFileName, file);
  return file;
}

export async function putConsumer(
  sandboxUrl: string,
  { userId, ...rest }: ReturnType<typeof demoConsumer>,
): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_control/consumers/${userId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rest),
  });
  if (!response.ok) throw new Error(`The sandbox refused the consumer: ${await response.text()}`);
}

/** The demo agreement as it was first made, because versions never change; past its end it is extended by an addendum. */
function currentDemo(
  stack: Stack,
  secrets: { client: string; expiredClient: string; ministryPassword: string },
): InstitutionFile {
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  const fresh = demoInstitution(secrets, stack.sandbox.url, today);
  const path = stack.state.file('demo-agreement.json');
  const agreement = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as InstitutionFile['agreement'])
    : fresh.agreement;
  if ((agreement.versions.at(-1)?.validUntil ?? '') < today) {
    agreement.versions.push(...fresh.agreement.versions.map((version) => ({ ...version, effectiveFrom: today })));
  }
  stack.state.writeJson('demo-agreement.json', agreement);
  return InstitutionFile.parse({ ...fresh, agreement });
}
