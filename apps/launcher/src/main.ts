import { join } from 'node:path';
import { setUpDemo, type StackFile } from './demo-stack.js';
import { demandPort, preferPort } from './ports.js';
import { projectRoot } from './project-root.js';
import { Stack, type StackOptions } from './stack.js';
import { StartError } from './start-error.js';

const usualGatewayPort = 8080;
const ownPorts = {
  gateway: 'GERBANG_PORT',
  management: 'GERBANG_MANAGEMENT_PORT',
  sandbox: 'GERBANG_SANDBOX_PORT',
  postgres: 'GERBANG_POSTGRES_PORT',
  nats: 'GERBANG_NATS_PORT',
} as const;

/** `npm start`: the whole installation with a demo office, until Ctrl-C. */
async function main(): Promise<void> {
  const started = performance.now();
  say('Gerbang PATEN is starting ...');
  const stack = Stack.open(await readOptions());
  let stopping: Promise<void> | undefined;
  const stop = (status: number): void => {
    stopping ??= stack.stop().finally(() => process.exit(status));
  };
  process.on('SIGINT', () => {
    // a second Ctrl-C does not wait
    if (stopping) process.exit(1);
    say('\nStopping ...');
    stop(0);
  });
  process.on('SIGTERM', () => stop(0));
  stack.watch((message) => {
    complain(`${message}\nThe stack is stopped.`);
    stop(1);
  });
  try {
    await stack.start();
    const file = await setUpDemo(stack);
    say(banner(file, stack, (performance.now() - started) / 1000));
  } catch (error) {
    if (stopping) return;
    complain(`Gerbang PATEN did not start.\n${explain(error)}`);
    stop(1);
  }
}

async function readOptions(): Promise<StackOptions> {
  const ports: NonNullable<StackOptions['ports']> = {};
  for (const [name, variable] of Object.entries(ownPorts) as [keyof typeof ownPorts, string][]) {
    const given = process.env[variable];
    if (given === undefined || given === '') continue;
    const port = Number(given);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new StartError(`${variable} must be a port, 1 to 65535.`);
    ports[name] = await demandPort(port, variable);
  }
  ports.gateway ??= await preferPort(usualGatewayPort);
  const logLevel = process.env.GERBANG_LOG_LEVEL;
  const count = (variable: string) => Math.max(1, Math.min(10, Number(process.env[variable]) || 1));
  return {
    stateDir: process.env.GERBANG_STATE_DIR ?? join(projectRoot, '.gerbang'),
    replicas: {
      gateway: count('GERBANG_GATEWAYS'),
      nikVerification: count('GERBANG_NIK_VERIFICATIONS'),
      dataBalikan: count('GERBANG_DATA_BALIKANS'),
      reporting: count('GERBANG_REPORTINGS'),
    },
    ports,
    env: logLevel
      ? {
          GATEWAY_LOG_LEVEL: logLevel,
          NIK_VERIFICATION_LOG_LEVEL: logLevel,
          DATA_BALIKAN_LOG_LEVEL: logLevel,
          REPORTING_LOG_LEVEL: logLevel,
        }
      : {},
  };
}

function banner(file: StackFile, stack: Stack, seconds: number): string {
  const person = (role: 'operator' | 'camat' | 'admin' | 'evaluator') =>
    `    ${role.padEnd(12)} ${file[role].username.padEnd(17)} ${file[role].password}`;
  const nik = file.people.find(({ outcome }) => outcome === 'FOUND')?.nik ?? '';
  return `
Gerbang PATEN is ready (${seconds.toFixed(1)} s).

  API            ${file.gatewayUrl}        description: ${file.gatewayUrl}/docs
  health         ${file.managementUrl}/health/ready
  sandbox        ${file.sandboxUrl}        stands in for the ministry; synthetic people only
  all of it      ${stack.state.file('stack.json')}
  logs           ${stack.state.file('logs')}

  Kecamatan Contoh (agreement in force)
    client       ${file.client.id}
    secret       ${file.client.secret}
  Kecamatan Contoh Lama (agreement of 2022-2024, every look-up is refused)
    client       ${file.expired.client.id}
    secret       ${file.expired.client.secret}

  People, each with user name and password
${person('operator')}
${person('camat')}
${person('admin')}
${person('evaluator')}
  Camat, admin and evaluator also log in with a second factor: its secret is in stack.json (mode 0600), \`totpSecret\`,
  and for the camera of an authenticator \`totpUri\`. With the command line, in another terminal:

    npx gerbang login --url ${file.gatewayUrl} --username ${file.admin.username}

A first look-up; paste it into another terminal:

TOKEN=$(curl -s -u '${file.client.id}:${file.client.secret}' \\
  -d 'grant_type=client_credentials&operator=${file.operator.username}' ${file.gatewayUrl}/oauth/token \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s ${file.gatewayUrl}/v1/verifications -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"nik":"${nik}","purpose":{"service":"SKU","reference":"500/001/SKU/XI/2026"}}'

A first read of a simulated card (siti's finger; each read is another case):

curl -s ${file.gatewayUrl}/v1/readers/${file.reader.id}/reads -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d '{"purpose":{"service":"SKU","reference":"500/001/SKU/XI/2026"}}'

Ctrl-C stops everything; the data stay.
`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`\n${text}\n`);
}

/** What the person at the keyboard can mend is told in one text; anything else with where it happened. */
function explain(error: unknown): string {
  if (error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : 'Unknown error.';
}

main().catch((error: unknown) => {
  complain(`Gerbang PATEN did not start.\n${explain(error)}`);
  process.exit(1);
});
