import type { ErrorCode } from '#contracts';
import type { OfficeKey } from './offices.js';
import { matchOf } from './outcomes.js';
import type { Tour } from './tour.js';

/** Who is refused, whatever is asked. */
const shut: [OfficeKey, ErrorCode][] = [
  ['few-elements', 'FIELD_NOT_GRANTED'],
  ['match-only', 'MODE_NOT_GRANTED'],
  ['one-service', 'PURPOSE_NOT_ALLOWED'],
  ['ended', 'AGREEMENT_ENDED'],
  ['later', 'AGREEMENT_NOT_STARTED'],
  ['no-sptjm', 'SPTJM_MISSING'],
  ['no-nda', 'NDA_MISSING'],
  ['operator-left', 'OPERATOR_INACTIVE'],
  ['night-shift', 'OUTSIDE_WORKING_HOURS'],
  ['without-operator', 'OPERATOR_REQUIRED'],
];

/** Look-ups that are refused before anything is asked of the ministry; what was asked must not be kept for that. */
export async function driveRefusals(tour: Tour): Promise<void> {
  const { caller } = tour;
  for (const [key, code] of shut) {
    const canary = await tour.canaries.of(`refused: ${code}`);
    const fields = key === 'few-elements' ? { fields: ['alamat'] } : {};
    await caller.verify(`refused: ${code}`, tour.office(key), { nik: canary.nik, ...fields });
    await caller.verify(`refused: ${code}`, tour.office(key), { nik: canary.nik, match: matchOf(canary) });
  }
  const oneHit = await tour.canaries.of('refused: QUOTA_EXHAUSTED');
  for (let count = 0; count < 3; count += 1)
    await caller.verify('until the quota of the day is used up', tour.office('one-hit'), { nik: oneHit.nik });
  const hasty = await tour.canaries.of('refused: RATE_LIMITED');
  for (let count = 0; count < 3; count += 1)
    await caller.verify('faster than the client may', tour.office('one-at-a-time'), { nik: hasty.nik });
  for (const key of ['other-network', 'expired-client'] as const)
    await caller.askToken(`no token: ${key}`, tour.office(key));
  await wrongNiks(tour);
  await stopped(tour);
}

/** NIKs with a slip in them, each of which still tells whose it is. */
async function wrongNiks(tour: Tour): Promise<void> {
  const canary = await tour.canaries.of('NIK with a slip');
  const { nik } = canary;
  const slips: Record<string, unknown> = {
    'with a letter': `${nik}A`,
    'with a letter O before it': `O${nik}`,
    twice: `${nik}${nik}`,
    'with a digit too many': `${nik}0`,
    'in a list': [nik],
    'in an object': { value: nik },
    'in Arabic digits': [...nik].map((digit) => String.fromCharCode(0x660 + Number(digit))).join(''),
    'in wide digits': [...nik].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join(''),
    'with a line before it': `\n${nik}`,
    'with a null character': `${nik}\u0000`,
    'very long': nik.repeat(20),
  };
  const office = tour.office('main');
  for (const [how, value] of Object.entries(slips))
    await tour.caller.verify(`NIK ${how}`, office, { nik: value, match: matchOf(canary) });
  const asNumber = `{"nik":${nik},"purpose":{"service":"SKU","reference":"1"}}`;
  await tour.caller.verifyText('NIK as a number', office, asNumber);
  const mistyped = tour.canaries.nik(
    'NIK that looks mistyped',
    (plausible) => `${plausible.slice(0, 8)}13${plausible.slice(10)}`,
  );
  for (const more of [{}, { confirmWarnings: true }])
    await tour.caller.verify('NIK that looks mistyped, also confirmed', office, { nik: mistyped, ...more });
}

/** "Putus akses", and a client that is revoked, while somebody asks. */
async function stopped(tour: Tour): Promise<void> {
  const canary = await tour.canaries.of('refused: ACCESS_STOPPED');
  const office = tour.office('interruptions');
  await tour.caller.token(office);
  const region = office.file.institution.regionCode;
  await tour.sql(
    `INSERT INTO access.emergency_stop (institution_id, reason, stopped_by_role, stopped_at)
     SELECT id, 'Bukti', 'camat', now() FROM access.institution WHERE region_code = $1`,
    [region],
  );
  await refusedSoon(tour, 'ACCESS_STOPPED', canary.nik);
  await tour.sql('UPDATE access.emergency_stop SET lifted_at = now() WHERE lifted_at IS NULL');
  await tour.sql('UPDATE access.client SET revoked_at = now() WHERE id = $1', [office.client.id]);
  await refusedSoon(tour, 'CLIENT_REVOKED', canary.nik);
  await tour.sql('UPDATE access.client SET revoked_at = NULL WHERE id = $1', [office.client.id]);
}

/** What the gateway knows of the access is at most 400 ms old. */
async function refusedSoon(tour: Tour, code: ErrorCode, nik: string): Promise<void> {
  for (let count = 0; count < 100; count += 1) {
    const answer = await tour.caller.verify(`refused: ${code}`, tour.office('interruptions'), { nik });
    if (answer.result === code) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${code} did not come`);
}
