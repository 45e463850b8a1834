import { createHash, randomBytes } from 'node:crypto';
import { BalikanDestination, elementNames, patenServices, scopes, type InstitutionFile } from '#contracts';
import type { SeedAccount } from '../../apps/launcher/src/provisioning.js';
import type { Installation } from '../installation/installation.js';
import { Secret } from 'otpauth';
import { sandboxIp, type Sandbox, type Consumer } from './sandbox.js';

type Agreement = NonNullable<InstitutionFile['agreement']>;
type OfficeFile = InstitutionFile & { agreement: Agreement };
type Person = InstitutionFile['operators'][number];

export interface Office {
  key: OfficeKey;
  file: InstitutionFile;
  client: { id: string; secret: string };
  consumer: Consumer;
}

/** Who can log in at the office of the administration and at the Disdukcapil above it. */
export interface LogIn {
  username: string;
  password: string;
  totpSecret: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const nda = { number: 'NDA/BUKTI', signedOn: '2026-01-01', documentSha256: sha256('nda') };
/** Nobody has the key to it. */
const mediaRecipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const longAgo = { effectiveFrom: '2022-12-07', validFrom: '2022-12-07', validUntil: '2024-12-06' };

const version = (file: OfficeFile): Agreement['versions'][number] => file.agreement.versions[0] as never;
const client = (file: InstitutionFile): InstitutionFile['clients'][number] => file.clients[0] as never;
const person = (file: InstitutionFile): Person => file.operators[0] as never;

/** Offices, each with one gate shut or one thing out of order; `main` has everything in order. */
const plans = {
  main: () => undefined,
  'old-server': () => undefined,
  faults: () => undefined,
  interruptions: () => undefined,
  slow: (file: OfficeFile) => Object.assign(file.upstream ?? {}, { deadlineMs: 1_000 }),
  'quota-refused': () => undefined,
  'quota-refused-old-server': () => undefined,
  closed: () => undefined,
  down: (file: OfficeFile) => Object.assign(file.upstream ?? {}, { baseUrl: 'http://127.0.0.1:9' }),
  'no-upstream': (file: OfficeFile) => delete file.upstream,
  'few-elements': (file: OfficeFile) =>
    Object.assign(version(file), { elements: ['nik', 'namaLengkap'], modes: ['LOOKUP'] }),
  'match-only': (file: OfficeFile) => Object.assign(version(file), { modes: ['MATCH'] }),
  'one-service': (file: OfficeFile) => Object.assign(client(file), { purposes: ['SKTM'] }),
  'one-hit': (file: OfficeFile) => Object.assign(version(file), { dailyQuota: 1 }),
  ended: (file: OfficeFile) => {
    Object.assign(version(file), longAgo);
    delete file.upstream;
  },
  later: (file: OfficeFile) => Object.assign(version(file), { effectiveFrom: '2098-01-01', validFrom: '2098-01-01' }),
  'no-sptjm': (file: OfficeFile) => delete file.agreement.sptjm,
  'no-nda': (file: OfficeFile) => delete person(file).nda,
  'operator-left': (file: OfficeFile) => Object.assign(person(file), { activeUntil: '2026-01-02' }),
  'night-shift': (file: OfficeFile) =>
    Object.assign(person(file), { workingHours: { days: [restDay()], from: '03:00', until: '03:01' } }),
  'other-network': (file: OfficeFile) => Object.assign(version(file), { networks: ['10.255.255.0/24'] }),
  'expired-client': (file: OfficeFile) => Object.assign(client(file), { expiresAt: '2026-01-01T00:00:00Z' }),
  'one-at-a-time': (file: OfficeFile) => Object.assign(client(file), { burst: { perSecond: 0.01, size: 1 } }),
  'without-operator': (file: OfficeFile) => delete client(file).defaultOperator,
  // thousands of records come in with its files, and all of them leave
  balikan: (file: OfficeFile) => Object.assign(file.dataBalikan?.service ?? {}, { perSecond: 1_000 }),
  // what is accepted there waits to the end
  'balikan-down': (file: OfficeFile) =>
    Object.assign(file.dataBalikan?.service ?? {}, { baseUrl: 'http://127.0.0.1:9' }),
  administration: () => undefined,
} satisfies Record<string, (file: OfficeFile) => unknown>;
export type OfficeKey = keyof typeof plans;

/** A day of the week that is neither today nor tomorrow, anywhere. */
const restDay = (): number => ((new Date().getUTCDay() + 3) % 7) + 1;

const generationOf = (key: OfficeKey) => (key.endsWith('old-server') ? 'A' : 'B');
export const region = '33.98';

export interface Offices {
  all: Record<OfficeKey, Office>;
  logIns: Record<'operator' | 'camat' | 'admin' | 'evaluator', LogIn>;
}

/** Makes all offices known to the sandbox and to the installation. */
export async function makeOffices(installation: Installation, sandbox: Sandbox): Promise<Offices> {
  const all = {} as Record<OfficeKey, Office>;
  for (const [index, key] of (Object.keys(plans) as OfficeKey[]).entries()) {
    const consumer = await sandbox.addConsumer(key, generationOf(key));
    const secret = randomBytes(24).toString('hex');
    const file = makeFile(key, index + 1, secret, consumer, installation.sandbox.ministryUrl);
    plans[key](file);
    all[key] = { key, file, client: { id: `bukti-${key}`, secret }, consumer };
  }
  const accounts = ['operator', 'camat', 'admin', 'evaluator'] as const;
  const logIns = Object.fromEntries(
    accounts.map((role) => [
      role,
      {
        username: `${role}.bukti`,
        password: `sandi ${randomBytes(9).toString('hex')}`,
        totpSecret: new Secret({ size: 20 }).base32,
      },
    ]),
  ) as Offices['logIns'];
  const { administration } = all;
  administration.file.operators.push(official('camat'), official('admin'));
  Object.assign(person(administration.file), { username: logIns.operator.username });
  const files = [...Object.values(all).map(({ file }) => file), disdukcapil()];
  const seeds: SeedAccount[] = accounts.map((role) => {
    const { username, password, totpSecret } = logIns[role];
    return role === 'operator' ? { username, password } : { username, password, totpSecret };
  });
  await installation.provision(files, seeds);
  return { all, logIns };
}

function makeFile(key: OfficeKey, number: number, secret: string, consumer: Consumer, ministryUrl: string): OfficeFile {
  return {
    institution: { name: `Kecamatan Bukti ${key}`, regionCode: `${region}.${String(number).padStart(2, '0')}` },
    agreement: {
      number: `PKS/BUKTI/${key}`,
      sptjm: { number: 'SPTJM/BUKTI', signedOn: '2026-01-01', documentSha256: sha256('sptjm') },
      versions: [
        {
          effectiveFrom: '2026-01-01',
          validFrom: '2026-01-01',
          validUntil: '2099-12-31',
          elements: [...elementNames],
          modes: ['LOOKUP', 'MATCH'],
          dailyQuota: 1_000_000,
          networks: ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
        },
      ],
    },
    operators: [{ userIdLokal: 'loket1', fullName: 'Operator Bukti', role: 'operator', activeFrom: '2026-01-01', nda }],
    clients: [
      {
        id: `bukti-${key}`,
        name: 'Aplikasi Bukti',
        secretSha256: sha256(secret),
        scopes: [...scopes],
        purposes: [...patenServices],
        defaultOperator: 'loket1',
        burst: { perSecond: 100_000, size: 100_000 },
      },
    ],
    upstream: {
      baseUrl: ministryUrl,
      lookupPath: `${consumer.pathPrefix}/call_nik`,
      matchPath: `${consumer.pathPrefix}/CALL_VERIFY_BY_ELEMEN`,
      userId: consumer.userId,
      password: consumer.password,
      ip: sandboxIp,
      dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
    },
    dataBalikan: BalikanDestination.parse({
      idLembaga: '000098',
      namaLembaga: `Kecamatan Bukti ${key}`,
      service: { baseUrl: ministryUrl, token: consumer.token, deadlineMs: 1_000 },
      mediaRecipients: [mediaRecipient],
    }),
  };
}

const official = (role: 'camat' | 'admin' | 'evaluator'): Person => ({
  userIdLokal: `${role}.bukti`,
  fullName: `Petugas Bukti ${role}`,
  role,
  activeFrom: '2026-01-01',
  nda,
});

const disdukcapil = (): InstitutionFile => ({
  institution: { name: 'Disdukcapil Bukti', regionCode: region, kind: 'disdukcapil' },
  operators: [official('evaluator')],
  clients: [],
});
