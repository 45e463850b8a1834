import { createHash, randomBytes } from 'node:crypto';
import { elementNames, patenServices, scopes, type InstitutionFile } from '#contracts';
import type { SandboxConsumer } from '../sandbox.js';

export const dailyQuota = 10_000_000;
export const client = { id: 'bench', secret: randomBytes(24).toString('hex') };
export const operator = 'loket1';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An office that passes every gate, with a quota and a burst that a benchmark does not use up. */
export function makeOffice(sandboxUrl: string, consumer: SandboxConsumer): InstitutionFile {
  const year = new Date().getUTCFullYear();
  const from = `${year - 1}-01-01`;
  return {
    institution: { name: 'Kecamatan Tolok Ukur', regionCode: '33.97.01' },
    agreement: {
      number: 'PKS/TOLOK-UKUR',
      sptjm: { number: 'SPTJM/TOLOK-UKUR', signedOn: from, documentSha256: sha256('sptjm') },
      versions: [
        {
          effectiveFrom: from,
          validFrom: from,
          validUntil: `${year + 1}-12-31`,
          elements: [...elementNames],
          modes: ['LOOKUP'],
          dailyQuota,
          networks: ['127.0.0.0/8', '::1/128'],
        },
      ],
    },
    operators: [
      {
        userIdLokal: operator,
        fullName: 'Operator Tolok Ukur',
        role: 'operator',
        activeFrom: from,
        nda: { number: 'NDA/TOLOK-UKUR', signedOn: from, documentSha256: sha256('nda') },
      },
    ],
    clients: [
      {
        id: client.id,
        name: 'Aplikasi Tolok Ukur',
        secretSha256: sha256(client.secret),
        scopes: [...scopes],
        purposes: [...patenServices],
        burst: { perSecond: 100_000, size: 100_000 },
      },
    ],
    upstream: {
      baseUrl: sandboxUrl,
      lookupPath: `${consumer.pathPrefix}/call_nik`,
      userId: consumer.userId,
      password: consumer.password,
      ip: consumer.ip,
      dialect: { nik: 'nik', userId: 'user_id', password: 'password', ip: 'ip_user' },
    },
  };
}
