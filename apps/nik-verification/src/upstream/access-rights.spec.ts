import { type AgreementKeys, seal } from '#service';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TestDatabase } from '../../../../test/support/test-database.js';
import { until } from '../../../../test/support/until.js';
import { UpstreamAccessRow } from '../ledger/entities.js';
import { AccessRights } from './access-rights.js';
import { makeAccess, makeIds, openAt, Replicas, type Replica } from './replica-fixture.js';

let database: TestDatabase;
let replicas: Replicas;
let here: Replica;
let there: Replica;

beforeAll(async () => {
  database = await TestDatabase.create();
  replicas = await Replicas.create(database);
  here = await replicas.start();
  there = await replicas.start();
});
afterAll(async () => {
  await replicas.close();
  await database.drop();
});

/** As the first version kept it: one key for all institutions. */
async function saveAsBefore({ institutionId, agreementId }: ReturnType<typeof makeIds>): Promise<void> {
  const key = await here.folder.getOrMakeKey('seal-1');
  const sealed = seal(key.bytes, JSON.stringify(makeAccess()), institutionId);
  await here.source
    .getRepository(UpstreamAccessRow)
    .insert({ institutionId, agreementId, keyId: 'seal-1', sealed, configuredAt: new Date() });
}

/** Statements that wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await there.source.query<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted');
  return rows.length;
}

describe('saved', () => {
  test('it is sealed under a key of the agreement, and any replica opens it', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    expect(await openAt(there, institutionId)).toEqual(makeAccess());
    const row = await here.rights.findRow(institutionId);
    expect(row).toMatchObject({ agreementId, keyId: `seal-${agreementId}-1` });
    expect(row?.sealed.includes('rahasia')).toBe(false);
  });

  test('again it keeps its key, and is newer by its time even when two come within the same millisecond', async () => {
    const { institutionId, agreementId } = makeIds();
    const times: number[] = [];
    for (const password of ['satu', 'dua', 'tiga', 'empat']) {
      await here.rights.save(institutionId, agreementId, makeAccess({ password }));
      times.push((await here.rights.findRow(institutionId))?.configuredAt.getTime() ?? NaN);
    }
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(await openAt(there, institutionId)).toMatchObject({ password: 'empat' });
    expect(await replicas.filesOf(agreementId)).toEqual([`seal-${agreementId}-1.key`]);
  });

  test('by a clock that is ahead it still becomes newer by one that is not', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    const ahead = new Date(Date.now() + 3_600_000);
    await here.source.getRepository(UpstreamAccessRow).update({ institutionId }, { configuredAt: ahead });
    await here.rights.save(institutionId, agreementId, makeAccess());
    expect((await here.rights.findRow(institutionId))?.configuredAt.getTime()).toBeGreaterThan(ahead.getTime());
  });

  test('under a successor agreement it gets a key of that one', async () => {
    const { institutionId, agreementId } = makeIds();
    const successor = makeIds().agreementId;
    await here.rights.save(institutionId, agreementId, makeAccess());
    await there.rights.save(institutionId, successor, makeAccess({ password: 'baru' }));
    expect(await here.rights.findRow(institutionId)).toMatchObject({
      agreementId: successor,
      keyId: `seal-${successor}-1`,
    });
  });

  test('after its key was lost it gets the next number: a name once used never means another key', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    await rm(join(replicas.folder, `seal-${agreementId}-1.key`));
    const third = await replicas.start();
    await expect(openAt(third, institutionId)).rejects.toMatchObject({ code: 'UPSTREAM_NOT_CONFIGURED' });
    await third.rights.save(institutionId, agreementId, makeAccess());
    expect(await replicas.filesOf(agreementId)).toEqual([`seal-${agreementId}-2.key`]);
    expect(await openAt(third, institutionId)).toEqual(makeAccess());
  });
});

describe('rotated', () => {
  test('it stays what it was, for every replica, and the old key is gone', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    const before = await here.rights.findRow(institutionId);
    await openAt(there, institutionId);
    for (const n of [2, 3, 4]) {
      expect(await here.rights.rotate(institutionId)).toEqual({
        keyId: `seal-${agreementId}-${n}`,
        destroyedKeyIds: [`seal-${agreementId}-${n - 1}`],
      });
      expect(await openAt(there, institutionId)).toEqual(makeAccess());
    }
    const after = await here.rights.findRow(institutionId);
    expect(after?.configuredAt).toEqual(before?.configuredAt);
    expect(after?.sealed.equals(before?.sealed ?? Buffer.alloc(0))).toBe(false);
    expect(await replicas.filesOf(agreementId)).toEqual([`seal-${agreementId}-4.key`]);
  });

  test('by several at once, while others save and read, it is never lost', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess({ password: 'sandi-0' }));
    let done = false;
    const reading = (async () => {
      while (!done) expect((await openAt(there, institutionId))?.password).toMatch(/^sandi-/);
    })();
    await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) => [
        here.rights.rotate(institutionId),
        there.rights.save(institutionId, agreementId, makeAccess({ password: `sandi-${n}` })),
      ]),
    ).finally(() => (done = true));
    await reading;
    expect((await openAt(there, institutionId))?.password).toMatch(/^sandi-[1-8]$/);
    const { keyId } = (await here.rights.findRow(institutionId)) ?? {};
    expect(await replicas.filesOf(agreementId)).toEqual([`${keyId}.key`]);
    expect(keyId).toBe(`seal-${agreementId}-9`);
  });

  test('while a replica of the first version saves, that one waits and is not lost', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    const shared = await here.folder.getOrMakeKey('seal-1');
    const sealed = seal(shared.bytes, JSON.stringify(makeAccess({ password: 'lama' })), institutionId);
    let save: Promise<unknown> | undefined;
    const interrupted = Object.assign(Object.create(here.keys) as AgreementKeys, {
      makeNextSealingKey: async (...of: Parameters<AgreementKeys['makeNextSealingKey']>) => {
        save = there.source.getRepository(UpstreamAccessRow).update({ institutionId }, { keyId: 'seal-1', sealed });
        await Promise.race([save, until(async () => (await waiting()) > 0)]);
        return here.keys.makeNextSealingKey(...of);
      },
    });
    await new AccessRights(here.source.getRepository(UpstreamAccessRow), interrupted).rotate(institutionId);
    await save;
    expect(await openAt(there, institutionId)).toMatchObject({ password: 'lama' });
  });

  test('between reading the row and its key, it is read again', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    const { source, keys } = await replicas.start();
    let rotated: Promise<unknown> | undefined;
    const interrupted = Object.assign(Object.create(keys) as AgreementKeys, {
      findSealingKey: async (id: string) => {
        await (rotated ??= here.rights.rotate(institutionId));
        return keys.findSealingKey(id);
      },
    });
    const sealed = await new AccessRights(source.getRepository(UpstreamAccessRow), interrupted).find(institutionId);
    expect(sealed?.row.keyId).toBe(`seal-${agreementId}-2`);
    expect(sealed && here.rights.open(sealed)).toEqual(makeAccess());
  });

  test('it takes along the keys that an interrupted rotation left', async () => {
    const { institutionId, agreementId } = makeIds();
    await here.rights.save(institutionId, agreementId, makeAccess());
    await here.folder.getOrMakeKey(`seal-${agreementId}-2`);
    expect(await here.rights.rotate(institutionId)).toEqual({
      keyId: `seal-${agreementId}-3`,
      destroyedKeyIds: [`seal-${agreementId}-1`, `seal-${agreementId}-2`],
    });
  });

  test('there must be one', async () => {
    await expect(here.rights.rotate(makeIds().institutionId)).rejects.toMatchObject({
      code: 'UPSTREAM_NOT_CONFIGURED',
    });
  });
});

describe('sealed by the first version', () => {
  test('it is readable, and gets a key of its own when it is rotated; the shared key stays', async () => {
    const [one, other] = [makeIds(), makeIds()];
    await saveAsBefore(one);
    await saveAsBefore(other);
    expect(await openAt(there, one.institutionId)).toEqual(makeAccess());
    expect(await there.rights.rotate(one.institutionId)).toEqual({
      keyId: `seal-${one.agreementId}-1`,
      destroyedKeyIds: [],
    });
    expect(await openAt(here, one.institutionId)).toEqual(makeAccess());
    expect(await here.rights.destroy(one.institutionId, one.agreementId)).not.toContain('seal-1');
    expect(await openAt(here, other.institutionId)).toEqual(makeAccess());
  });

  test('it gets a key of its own when it is saved again', async () => {
    const { institutionId, agreementId } = makeIds();
    await saveAsBefore({ institutionId, agreementId });
    await here.rights.save(institutionId, agreementId, makeAccess({ password: 'baru' }));
    expect(await here.rights.findRow(institutionId)).toMatchObject({ keyId: `seal-${agreementId}-1` });
    expect(await openAt(there, institutionId)).toMatchObject({ password: 'baru' });
  });
});
