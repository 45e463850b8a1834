import { createHash, hkdfSync } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { GivenBalikanDestination, elementNames, patenServices, scopes, type InstitutionFile } from '#contracts';
import type { SeedAccount } from './provisioning.js';

export interface DemoSecrets {
  client: string;
  expiredClient: string;
  ministryPassword: string;
}

export const demoOperators = {
  operator: 'siti.loket1',
  camat: 'camat.contoh',
  admin: 'admin.contoh',
  evaluator: 'evaluator.contoh',
} as const;

export type DemoRole = keyof typeof demoOperators;
/** Whoever must log in with two factors. */
export const demoRolesWithTotp = ['camat', 'admin', 'evaluator'] as const;
export type DemoRoleWithTotp = (typeof demoRolesWithTotp)[number];

export interface DemoLogIns {
  passwords: Record<DemoRole, string>;
  /** Base32. */
  totpSecrets: Record<DemoRoleWithTotp, string>;
}

/** The TOTP secret that one person of one installation always has, 20 bytes in base32. */
export const demoTotpSecret = (secret: string, role: DemoRoleWithTotp): string =>
  new Secret({ buffer: hkdfSync('sha256', secret, '', `demo totp ${role}`, 20) }).base32;

/** For the camera of an authenticator application. */
export const demoTotpUri = (username: string, secret: string): string =>
  new TOTP({ issuer: 'Gerbang PATEN', label: username, secret: Secret.fromBase32(secret) }).toString();

export function demoAccounts({ passwords, totpSecrets }: DemoLogIns): SeedAccount[] {
  const withTotp = demoRolesWithTotp.map((role) => ({
    username: demoOperators[role],
    password: passwords[role],
    totpSecret: totpSecrets[role],
  }));
  return [{ username: demoOperators.operator, password: passwords.operator }, ...withTotp];
}

export const demoClientId = 'paten-contoh';
export const expiredClientId = 'paten-contoh-lama';

/** The sandbox knows the demo institution under this name, as the ministry would. */
export const demoConsumer = (password: string) => ({
  pathPrefix: '/dukcapil/get_json/33-99/contoh',
  userId: 'USERID_CONTOH',
  password,
  ips: ['10.0.0.10'],
  quota: 1_000,
  generation: 'B' as const,
  token: demoBalikanToken(password),
});

/** With what the demo institution hands in data balikan. */
const demoBalikanToken = (password: string): string =>
  Buffer.from(hkdfSync('sha256', password, '', 'demo data balikan', 24)).toString('base64url');

const document = (text: string): string => createHash('sha256').update(text).digest('hex');
const sha256 = document;

/** Closed ranges: this machine, and the private ranges that containers and office networks use. */
const closedNetworks = ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** `Kecamatan Contoh`, with an agreement that is in force on `today` (YYYY-MM-DD). */
export function demoInstitution(
  secrets: DemoSecrets,
  sandboxUrl: string,
  today: string,
): InstitutionFile & { agreement: NonNullable<InstitutionFile['agreement']> } {
  const year = Number(today.slice(0, 4));
  const validFrom = `${year}-01-01`;
  const { pathPrefix, userId, ips, token } = demoConsumer(secrets.ministryPassword);
  const person = (role: DemoRole, fullName: string) => demoPerson(role, demoOperators[role], fullName, year);
  return {
    institution: { name: 'Kecamatan Contoh', regionCode: '33.99.01' },
    agreement: {
      number: `PKS/CONTOH/${year}`,
      sptjm: { number: `SPTJM/CONTOH/${year}`, signedOn: validFrom, documentSha256: document('sptjm') },
      versions: [
        {
          effectiveFrom: validFrom,
          validFrom,
          validUntil: `${year + 1}-12-31`,
          elements: [...elementNames],
          modes: ['LOOKUP', 'MATCH'],
          dailyQuota: 1_000,
          networks: closedNetworks,
        },
      ],
    },
    operators: [
      person('operator', 'Operator Contoh'),
      person('camat', 'Camat Contoh'),
      person('admin', 'Admin Contoh'),
    ],
    clients: [
      {
        id: demoClientId,
        name: 'Aplikasi PATEN Contoh',
        secretSha256: sha256(secrets.client),
        scopes: [...scopes],
        purposes: [...patenServices],
        defaultOperator: demoOperators.operator,
        // wide enough for the tests and the benchmark
        burst: { perSecond: 20_000, size: 20_000 },
      },
    ],
    upstream: {
      baseUrl: sandboxUrl,
      lookupPath: `${pathPrefix}/call_nik`,
      matchPath: `${pathPrefix}/CALL_VERIFY_BY_ELEMEN`,
      userId,
      password: secrets.ministryPassword,
      ip: ips[0] ?? '10.0.0.10',
      dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
    },
    dataBalikan: GivenBalikanDestination.parse({
      idLembaga: '009901',
      namaLembaga: 'Kecamatan Contoh',
      service: { baseUrl: sandboxUrl, token },
    }),
  };
}

/** `Disdukcapil Contoh`, which oversees both: it has no agreement of its own. */
export function overseeingInstitution(today: string): InstitutionFile {
  const year = Number(today.slice(0, 4));
  return {
    institution: { name: 'Disdukcapil Contoh', regionCode: '33.99', kind: 'disdukcapil' },
    operators: [
      demoPerson('evaluator', demoOperators.evaluator, 'Evaluator Contoh', year),
      demoPerson('admin', 'admin.disdukcapil', 'Admin Disdukcapil Contoh', year),
    ],
    clients: [],
  };
}

function demoPerson(role: DemoRole, userIdLokal: string, fullName: string, year: number) {
  const signedOn = `${year}-01-01`;
  return {
    userIdLokal,
    fullName,
    role,
    activeFrom: signedOn,
    nda: { number: `NDA/${role.toUpperCase()}/${year}`, signedOn, documentSha256: document(`nda ${role}`) },
  };
}

/** The agreement of 2022 to 2024 (O-18): with it alone on file, every look-up is refused. */
export function expiredInstitution(secrets: DemoSecrets): InstitutionFile {
  const validFrom = '2022-12-07';
  return {
    institution: { name: 'Kecamatan Contoh Lama', regionCode: '33.99.02' },
    agreement: {
      number: 'PKS/CONTOH-LAMA/2022',
      sptjm: { number: 'SPTJM/CONTOH-LAMA/2022', signedOn: validFrom, documentSha256: document('sptjm lama') },
      versions: [
        {
          effectiveFrom: validFrom,
          validFrom,
          validUntil: '2024-12-06',
          elements: [...elementNames],
          modes: ['LOOKUP'],
          dailyQuota: 1_000,
          networks: closedNetworks,
        },
      ],
    },
    operators: [
      {
        userIdLokal: 'budi.loket1',
        fullName: 'Operator Lama Contoh',
        role: 'operator',
        activeFrom: validFrom,
        nda: { number: 'NDA/OPERATOR/2022', signedOn: validFrom, documentSha256: document('nda lama') },
      },
    ],
    clients: [
      {
        id: expiredClientId,
        name: 'Aplikasi PATEN Contoh Lama',
        secretSha256: sha256(secrets.expiredClient),
        scopes: [...scopes],
        defaultOperator: 'budi.loket1',
      },
    ],
  };
}
