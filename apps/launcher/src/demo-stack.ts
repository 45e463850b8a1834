import { currentDemo } from './demo-agreement.js';
import {
  demoAccounts,
  demoClientId,
  demoConsumer,
  demoOperators,
  demoRolesWithTotp,
  demoTotpSecret,
  demoTotpUri,
  expiredClientId,
  type DemoLogIns,
  type DemoRole,
  type DemoRoleWithTotp,
} from './demo.js';
import { startDemoReader } from './demo-reader.js';
import { provisionInstitutions } from './provisioning.js';
import { putConsumer } from './sandbox-consumer.js';
import { stackFileName, type Stack } from './stack.js';

const peopleListed = 240;

interface DemoLogIn {
  username: string;
  password: string;
}

/** Whoever must log in with two factors. */
interface DemoLogInWithTotp extends DemoLogIn {
  /** Base32, and the same as a key URI. */
  totpSecret: string;
  totpUri: string;
}

/** What scripts and tests need to talk to a running stack. */
export interface StackFile {
  gatewayUrl: string;
  gatewayUrls: string[];
  managementUrl: string;
  sandboxUrl: string;
  client: { id: string; secret: string };
  operator: DemoLogIn;
  camat: DemoLogInWithTotp;
  admin: DemoLogInWithTotp;
  evaluator: DemoLogInWithTotp;
  people: { nik: string; outcome: string }[];
  /** A simulated one, at Kecamatan Contoh. */
  reader: { id: string };
  expired: { client: { id: string; secret: string }; operator: { username: string } };
}

/** The demo institution, the expired one, the Disdukcapil over both, and the sandbox's consumer; then `.gerbang/stack.json`. */
export async function setUpDemo(stack: Stack): Promise<StackFile> {
  const { state, sandbox } = stack;
  const secrets = {
    client: state.secret('demo-client'),
    expiredClient: state.secret('demo-expired-client'),
    ministryPassword: state.secret('demo-ministry-password'),
  };
  const consumer = demoConsumer(secrets.ministryPassword);
  await putConsumer(sandbox.url, consumer);
  const logIns = demoLogIns((name) => state.secret(name));
  const demo = currentDemo(state.file('demo-agreement.json'), secrets, sandbox.url);
  await provisionInstitutions(stack, demo, demoAccounts(logIns));
  const reader = await startDemoReader(stack);
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
    operator: logInOf('operator', logIns),
    camat: logInWithTotpOf('camat', logIns),
    admin: logInWithTotpOf('admin', logIns),
    evaluator: logInWithTotpOf('evaluator', logIns),
    people: people.map(({ nik, outcome }) => ({ nik, outcome })),
    reader,
    expired: { client: { id: expiredClientId, secret: secrets.expiredClient }, operator: { username: 'budi.loket1' } },
  };
  state.writeJson(stackFileName, file);
  return file;
}

function demoLogIns(secret: (name: string) => string): DemoLogIns {
  const roles = Object.keys(demoOperators) as DemoRole[];
  return {
    passwords: Object.fromEntries(
      roles.map((role) => [role, secret(`demo-password-${role}`)]),
    ) as DemoLogIns['passwords'],
    totpSecrets: Object.fromEntries(
      demoRolesWithTotp.map((role) => [role, demoTotpSecret(secret('demo-totp'), role)]),
    ) as DemoLogIns['totpSecrets'],
  };
}

const logInOf = (role: DemoRole, { passwords }: DemoLogIns): DemoLogIn => ({
  username: demoOperators[role],
  password: passwords[role],
});

function logInWithTotpOf(role: DemoRoleWithTotp, logIns: DemoLogIns): DemoLogInWithTotp {
  const totpSecret = logIns.totpSecrets[role];
  return { ...logInOf(role, logIns), totpSecret, totpUri: demoTotpUri(demoOperators[role], totpSecret) };
}
