import { currentDemo } from './demo-agreement.js';
import { demoClientId, demoConsumer, demoOperators, expiredClientId, expiredInstitution } from './demo.js';
import { provisionInstitutions } from './provisioning.js';
import { putConsumer } from './sandbox-consumer.js';
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
  const demo = currentDemo(state.file('demo-agreement.json'), secrets, sandbox.url);
  await provisionInstitutions(stack, [demo, expiredInstitution(secrets)]);
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
