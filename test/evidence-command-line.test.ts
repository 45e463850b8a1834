import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checkpoint, CheckpointPage, EvidenceStatus, InclusionProof } from '#contracts';
import { BundleVerifier, receiptCode } from '#evidence';
import { CommandLine } from '../apps/gateway/src/command-line/command-line-fixture.js';
import { operatorIdOf } from './support/asking.js';
import { institutionIdOf } from './support/office-parts.js';
import { addOfficials } from './support/officials.js';
import { openSessions } from './support/open-session.js';
import { purpose, RunningStack, type Office } from './support/running-stack.js';

/** Evidence by `gerbang`, from the look-up to the bundle that is checked elsewhere. */
let stack: RunningStack;
let office: Office;
let camat: CommandLine;
let admin: CommandLine;
let lookUp: { id: string; receipt: string; receiptCode: string };

const nik = '3313043108859903';

beforeAll(async () => {
  stack = await RunningStack.start({ env: { GATEWAY_BURST_PER_SECOND: '1000', GATEWAY_BURST_SIZE: '1000' } });
  office = await stack.addOffice({ change: addOfficials });
  camat = await atTerminal('camat');
  admin = await atTerminal('admin');
  const { body } = await stack.verify<typeof lookUp>(await stack.token(office), { nik, purpose });
  lookUp = body;
});
afterAll(async () => {
  await Promise.all([camat, admin].map((one) => one.close()));
  await stack.stop();
});

/** Somebody who has logged in. */
async function atTerminal(userIdLokal: string): Promise<CommandLine> {
  const person = await CommandLine.open(stack.url);
  const [session] = await openSessions(stack, [{ operatorId: await operatorIdOf(stack, office, userIdLokal) }]);
  const [name = '', value = ''] = (session?.cookie ?? '').split(/=(.*)/s);
  await mkdir(dirname(person.sessionFile), { recursive: true });
  await writeFile(
    person.sessionFile,
    JSON.stringify({
      url: stack.url,
      cookies: { [name]: value },
      csrfToken: session?.csrf,
      institutionId: await institutionIdOf(stack, office),
    }),
  );
  return person;
}

async function gerbang<T>(person: CommandLine, argv: string[], stdin?: string): Promise<T> {
  const { status, out, error } = await person.run(argv, stdin === undefined ? {} : { stdin });
  if (status !== 0) throw new Error(`gerbang ${argv.join(' ')}: ${status} ${error}`);
  return (out === '' ? undefined : JSON.parse(out)) as T;
}

describe('gerbang evidence', () => {
  test('signs, lists, proves and tells how it stands', async () => {
    const signed = await gerbang<Checkpoint>(admin, ['evidence', 'sign']);
    const page = await gerbang<CheckpointPage>(camat, ['evidence', 'checkpoints', '--limit', '5']);
    expect(page.checkpoints.map(({ size }) => size)).toContain(signed.size);
    const proof = await gerbang<InclusionProof>(camat, ['evidence', 'prove-inclusion', '--verificationId', lookUp.id]);
    expect(proof.hashes.length).toBeGreaterThan(0);
    const consistency = ['evidence', 'prove-consistency', '--from', '0', '--to', String(signed.size)];
    expect(await gerbang(camat, consistency)).toMatchObject({ from: 0, to: signed.size });
    expect(await gerbang<EvidenceStatus>(admin, ['evidence', 'status'])).toMatchObject({ fault: null, stalled: false });
  });

  test('exports a bundle that holds for whoever has the key', async () => {
    const { keys } = await gerbang<CheckpointPage>(camat, ['evidence', 'checkpoints']);
    const path = camat.path('bukti.jsonl');
    await gerbang(camat, ['evidence', 'export', '--out', path]);
    const verifier = new BundleVerifier({ keys, receipts: [lookUp.receipt] });
    for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) verifier.line(line);
    expect(verifier.end()).toMatchObject({ ok: true, findings: [] });
  });

  test('acknowledges no gap where there is none', async () => {
    const { status, error } = await admin.run(['evidence', 'acknowledge-rollback', '--reason', 'Uji']);
    expect(status).toBe(1);
    expect(error).toContain('STATE_CONFLICT');
  });
});

describe('gerbang receipt', () => {
  test('tells a genuine one', async () => {
    const verdict = await gerbang(admin, ['receipt', 'verify', '--receipt', lookUp.receiptCode]);
    expect(verdict).toMatchObject({ genuine: true, receipt: { id: lookUp.id } });
  });

  test('draws its code, whatever the last character', async () => {
    const odd = Array.from({ length: 500 }, (_, n) =>
      receiptCode(`019ab3c4-5d6e-7f80-9123-${String(n).padStart(12, '0')}`),
    );
    for (const end of ['*', '~', '$', '=', 'U']) {
      const code = odd.find((one) => one.endsWith(end)) ?? '';
      await gerbang(camat, ['receipt', 'qr', '--code', code, '--out', camat.path('kode.svg')]);
      expect(await readFile(camat.path('kode.svg'), 'utf8')).toContain(`<title>Kode bukti ${code}</title>`);
    }
  });
});

describe('gerbang person-trail', () => {
  const argv = (what: string) => ['person-trail', what, '--requestNumber', '045/1', '--file', '-'];
  const stdin = JSON.stringify({ nik });

  test('shows and prints', async () => {
    const trail = await gerbang(camat, argv('show'), stdin);
    expect(trail).toMatchObject({ complete: true, entries: [{ id: lookUp.id }] });
    const path = camat.path('riwayat.pdf');
    await gerbang(camat, [...argv('print'), '--out', path], stdin);
    expect((await readFile(path, 'latin1')).slice(0, 5)).toBe('%PDF-');
  });

  test('only for the Camat', async () => {
    expect((await admin.run(argv('show'), { stdin })).error).toContain('ROLE_NOT_ALLOWED');
  });
});
