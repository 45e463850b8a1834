import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import * as contracts from '#contracts';
import {
  configureInstitution,
  countPatterns,
  describeUpstream,
  destroyAgreementKeys,
  findLookUps,
  getCoverage,
  getFigures,
  getOpenedFigures,
  getRegister,
  getStanding,
  keepOpenedEvents,
  listAcceptedLookUps,
  listDeliveredRecords,
  listReportedEvents,
  listTrail,
  listUndelivered,
  listUnopenedEvents,
  openBalikanEvents,
  recordRefusal,
  rearmUpstream,
  reportEvents,
  rotateSealingKey,
  sampleLookUps,
  submitBalikan,
  testUpstream,
  tracePerson,
  verify,
  verifyAt,
} from '#contracts';
import { RunningStack } from './support/running-stack.js';
import { until } from './support/until.js';

let stack: RunningStack;
const open: NatsConnection[] = [];

beforeAll(async () => {
  stack = await RunningStack.start({ replicas: { dataBalikan: 1 } });
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await stack.stop();
});

/** A plain NATS client with a service's own credentials, and what the real server refused it. */
async function plainClient(app: 'gateway' | 'nik-verification' | 'data-balikan' | 'reporting') {
  const env = stack.stack.environmentOf(app);
  const prefix = app.toUpperCase().replace('-', '_');
  const nats = await connect({
    servers: stack.stack.nats.url,
    user: app,
    pass: env[`${prefix}_NATS_PASSWORD`] ?? '',
    reconnect: false,
  });
  open.push(nats);
  const refused: string[] = [];
  void (async () => {
    for await (const status of nats.status()) if (status.type === 'error') refused.push(status.error.message);
  })();
  return { nats, refused };
}

test.each([
  ['gateway', 'verification.verify.v1'],
  ['gateway', 'verification.>'],
  ['gateway', '>'],
  ['gateway', '_INBOX.nik-verification.>'],
  ['gateway', '$SYS.>'],
  ['nik-verification', '_INBOX.gateway.>'],
  ['nik-verification', '_INBOX.>'],
  ['nik-verification', '>'],
  ['nik-verification', 'reader.>'],
  ['nik-verification', '$SYS.REQ.USER.AUTH'],
  ['data-balikan', 'reader.>'],
  ['gateway', 'reader.*.read.v1'],
  ['nik-verification', 'balikan.>'],
  ['gateway', 'balikan.submit.v1'],
  ['data-balikan', 'verification.>'],
  ['data-balikan', '_INBOX.gateway.>'],
  ['data-balikan', '>'],
  ['gateway', 'access.get-register.v1'],
  ['reporting', 'access.>'],
  ['reporting', 'verification.>'],
  ['reporting', 'balikan.>'],
  ['reporting', '_INBOX.gateway.>'],
  ['reporting', '>'],
  ['nik-verification', 'reporting.>'],
  ['data-balikan', 'reporting.>'],
] as const)('%s cannot listen on %s', async (app, subject) => {
  const { nats, refused } = await plainClient(app);
  nats.subscribe(subject, { callback: () => undefined });
  await until(async () => refused.length > 0);
  expect(refused.join()).toMatch(/permissions violation for subscription/i);
});

/** Everything that a service answers. */
const answeredBy = (prefix: string) =>
  Object.values(contracts)
    .flatMap((one) => (typeof one === 'object' && 'subject' in one ? [{ subject: String(one.subject) }] : []))
    .filter(({ subject }) => subject.startsWith(`${prefix}.`));

/** What reporting asks of the owners of figures and facts, and nobody else does. */
const factCalls = [
  ...answeredBy('access'),
  getFigures,
  listReportedEvents,
  listUnopenedEvents,
  keepOpenedEvents,
  getOpenedFigures,
  listAcceptedLookUps,
  listDeliveredRecords,
  countPatterns,
  sampleLookUps,
  listUndelivered,
  openBalikanEvents,
];
const onlyReporting = new Set(factCalls.map(({ subject }) => subject));
/** What the gateway asks of data-balikan: all that it answers but what is for reporting. */
const balikanCalls = answeredBy('balikan').filter(({ subject }) => !onlyReporting.has(subject));

/** What the gateway asks of the services. */
const calls = [
  verify,
  recordRefusal,
  listTrail,
  getStanding,
  configureInstitution,
  rearmUpstream,
  describeUpstream,
  testUpstream,
  rotateSealingKey,
  destroyAgreementKeys,
  ...balikanCalls,
  ...answeredBy('reporting'),
];

test.each([
  ...calls.map(({ subject }) => ['gateway', subject] as const),
  ...[...factCalls, getStanding, getCoverage, reportEvents].map(({ subject }) => ['reporting', subject] as const),
])('%s may call %s', async (app, subject) => {
  const { nats, refused } = await plainClient(app);
  nats.publish(subject, '{}');
  nats.publish('balikan.tidak-ada.v1', '{}');
  // the server takes one after the other: by the refusal of the second, the first would have been refused
  await until(async () => refused.length > 0);
  expect(refused.join()).not.toContain(subject);
  expect(refused).toHaveLength(1);
});

test.each([
  ['gateway', '_INBOX.nik-verification.x'],
  ['gateway', verifyAt('abc').subject],
  ['gateway', 'balikan.tidak-ada.v1'],
  ['gateway', findLookUps.subject],
  ['data-balikan', '_INBOX.gateway.x'],
  ['data-balikan', verify.subject],
  ['data-balikan', submitBalikan.subject],
  // agents speak for their readers, and the broker's own affairs are another user's
  ['gateway', 'reader.1.report.v1'],
  ['gateway', 'reader.1.event.v1'],
  ['gateway', 'reader.1.inbox.x'],
  ['gateway', '$SYS.REQ.SERVER.PING.CONNZ'],
  ['gateway', '$SYS.REQ.USER.AUTH'],
  ['data-balikan', 'reader.1.read.v1'],
  ...calls.map(({ subject }) => ['nik-verification', subject] as const),
  ...factCalls.map(({ subject }) => ['gateway', subject] as const),
  ['data-balikan', getRegister.subject],
  ['reporting', verify.subject],
  ['reporting', submitBalikan.subject],
  ['reporting', configureInstitution.subject],
  ['reporting', tracePerson.subject],
  ['reporting', '_INBOX.gateway.x'],
  ['reporting', 'reader.1.read.v1'],
  ['nik-verification', '_INBOX.gateway.x'],
] as const)('%s cannot call %s', async (app, subject) => {
  const { nats, refused } = await plainClient(app);
  nats.publish(subject, '{}');
  await until(async () => refused.length > 0);
  expect(refused.join()).toMatch(/permissions violation for publish/i);
});

test.each([{ user: 'gateway', pass: 'guess' }, {}, { user: 'nobody', pass: 'x' }])(
  'credentials %j do not come in',
  async (credentials) => {
    await expect(connect({ servers: stack.stack.nats.url, ...credentials, reconnect: false })).rejects.toThrow(
      /authorization/i,
    );
  },
);

test('nothing is persisted by the broker', async () => {
  const { nats } = await plainClient('gateway');
  expect(nats.info?.jetstream).toBeFalsy();
});
