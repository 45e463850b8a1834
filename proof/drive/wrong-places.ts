import { createVerification } from '#contracts';
import type { Canary } from '../canaries/canary.js';
import { json } from './caller.js';
import { matchOf } from './outcomes.js';
import { sendRaw } from './raw-request.js';
import type { Tour } from './tour.js';

/** How people write a NIK. */
const written: ((nik: string) => string)[] = [
  (nik) => nik,
  (nik) => `${nik.slice(0, 6)} ${nik.slice(6, 12)} ${nik.slice(12)}`,
  (nik) => `${nik.slice(0, 2)}.${nik.slice(2, 4)}.${nik.slice(4, 6)}.${nik.slice(6, 12)}.${nik.slice(12)}`,
  (nik) => nik.replace(/(\d{4})(?=\d)/g, '$1-'),
  (nik) => `an. warga NIK:${nik}`,
];

/** NIKs and people where none belong. It may be refused or passed over; kept it must not be. */
export async function driveWrongPlaces(tour: Tour): Promise<void> {
  await inHeaders(tour);
  await inAddresses(tour);
  await inBodies(tour);
  await inNoHttp(tour);
}

async function inHeaders(tour: Tour): Promise<void> {
  const { caller, canaries } = tour;
  const office = tour.office('main');
  const names = [
    ...['idempotency-key', 'x-correlation-id', 'x-request-id', 'traceparent', 'tracestate', 'baggage', 'user-agent'],
    ...[
      'referer',
      'cookie',
      'x-forwarded-for',
      'forwarded',
      'accept-language',
      'origin',
      'if-none-match',
      'client-cert',
    ],
    ...['authorization', 'x-csrf-token', 'content-language', 'from', 'x-nik'],
  ];
  for (const name of names)
    for (const write of written) {
      const nik = canaries.nik(`in the header ${name}`);
      const { nik: asked } = await canaries.of('asked with a NIK in a header');
      for (const value of valuesOf(name, write(nik)))
        await caller.verify(`NIK in the header ${name}`, office, { nik: asked }, { headers: { [name]: value } });
    }
}

function valuesOf(name: string, text: string): string[] {
  const digits = text.replace(/\D/g, '');
  // a trace id of 32 hexadecimal digits, which sixteen digits of a NIK are as well
  if (name === 'traceparent')
    return [text, `00-${digits.padStart(32, 'a')}-00f067aa0ba902b7-01`, `00-${digits}${digits}-${digits}-01`];
  if (name === 'x-correlation-id') return [text, `loket-${text}`, text.replace(/\s/g, '_')];
  if (name === 'authorization') return [`Bearer ${text}`, `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}`];
  if (name === 'cookie') return [`gerbang_session=${text}`, `gerbang_device=${text}; nik=${text}`];
  return [text];
}

async function inAddresses(tour: Tour): Promise<void> {
  const { caller, canaries, installation } = tour;
  const headers = { authorization: `Bearer ${await caller.token(tour.office('main'))}` };
  const addresses = [
    '/v1/verifications/NIK',
    '/v1/verifications?nik=NIK',
    '/v1/verifications?before=NIK',
    '/v1/NIK',
    '/NIK',
    '//NIK',
    '/v1/%zzNIK',
    '/v1/verifications#NIK',
    '/v1/verifications/../NIK',
    '/openapi.json?NIK',
    '/docs/NIK',
    '/v1/receipts/NIK/qr',
  ];
  for (const [index, address] of addresses.entries())
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'] as const) {
      const nik = canaries.nik(`in address ${index + 1}`);
      const url = installation.gatewayUrl + address.replace('NIK', nik);
      await caller.sendOther('NIK in an address', url, { method, headers });
    }
}

async function inBodies(tour: Tour): Promise<void> {
  const { caller, canaries } = tour;
  const office = tour.office('main');
  for (const [index, write] of written.entries()) {
    const reference = write(canaries.nik(`in the reference, written in way ${index + 1}`));
    const { nik } = await canaries.of('asked with a NIK in the reference');
    await caller.verify('NIK in the reference', office, { nik, purpose: { service: 'SKU', reference } });
    await caller.verify('NIK in the reference, refused for another reason', office, {
      nik: '1',
      purpose: { service: 'SKU', reference },
    });
  }
  const canary = await canaries.of('in a body that is wrong');
  for (const [name, body] of Object.entries(wrongBodies(canary)))
    await caller.verifyText(`body: ${name}`, office, body);
  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])
    await caller.verifyText(
      `body of another type`,
      office,
      JSON.stringify({ nik: canary.nik, match: matchOf(canary) }),
      {
        headers: { 'content-type': type },
      },
    );
  await caller.send('a person without a token', createVerification, {
    headers: json,
    body: JSON.stringify({ nik: canary.nik, match: matchOf(canary) }),
  });
}

function wrongBodies(canary: Canary): Record<string, string | Buffer> {
  const { nik, guest } = canary;
  const good = { nik, purpose: { service: 'SKU', reference: '1' } };
  const whole = JSON.stringify({ ...good, match: matchOf(canary) });
  return {
    'breaks off': whole.slice(0, -2),
    'something behind it': `${whole} ${guest.namaLengkap}`,
    'no JSON': `nik=${nik}&nama=${guest.namaLengkap}`,
    'a list': `[${whole}]`,
    'a text': JSON.stringify(nik),
    'a number': nik,
    'unknown keys': JSON.stringify({ ...good, nama: guest.namaLengkap, alamat: guest.alamat }),
    'keys that are a person': JSON.stringify({ ...good, [nik]: 1, [guest.namaLengkap]: 2 }),
    'a person in fields': JSON.stringify({ ...good, fields: [nik, guest.namaLengkap] }),
    'a person as the service': JSON.stringify({ ...good, purpose: { service: guest.namaLengkap, reference: '1' } }),
    'match with what does not belong there': JSON.stringify({
      ...good,
      match: { ...matchOf(canary), agama: guest.extras.agama },
    }),
    'match with wrong types': JSON.stringify({
      ...good,
      match: { ...matchOf(canary), threshold: nik, noKk: Number(guest.noKk) },
    }),
    'too long': JSON.stringify({ ...good, x: `${guest.namaLengkap} `.repeat(3_000) }),
    __proto__: `{"__proto__":${whole}}`,
    'in UTF-16': Buffer.from(whole, 'utf16le'),
  };
}

async function inNoHttp(tour: Tour): Promise<void> {
  const { caller, canaries, installation } = tour;
  const canary = await canaries.of('in what is no HTTP');
  const { nik, guest } = canary;
  const body = JSON.stringify({ nik, match: matchOf(canary) });
  const requests: Record<string, string> = {
    'no HTTP': `NIK ${nik} ${guest.namaLengkap}\r\n\r\n`,
    'headers without end': `GET / HTTP/1.1\r\nhost: x\r\nx-nik: ${`${nik} `.repeat(4_000)}\r\n\r\n`,
    'a header that is none': `GET / HTTP/1.1\r\nhost: x\r\n${nik} ${guest.namaLengkap}\r\n\r\n`,
    'a method that is none': `${guest.jenisKelamin} /${nik} HTTP/1.1\r\nhost: x\r\n\r\n`,
    'a body that is announced longer': `POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n${body}`,
    'chunks that are none': `POST /v1/verifications HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n${body}\r\n`,
    'two requests in one': `GET /v1/${nik} HTTP/1.1\r\nhost: x\r\n\r\nGET /${guest.tempatLahir} HTTP/1.1\r\nhost: ${nik}\r\n\r\n`,
  };
  for (const [name, text] of Object.entries(requests)) {
    const answer = await sendRaw(installation.gatewayUrl, text);
    caller.note(`not as HTTP has it: ${name}`, answer);
    caller.answers.add(`not as HTTP has it: ${name}`, answer);
  }
}
