import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { CommandLine } from './command-line-fixture.js';
import { check, list, make } from './every-field-fixture.js';

const body = async (...argv: string[]) => (await check(make, ['--thingId', '7', '--text', 'x', ...argv])).body;
const faults = (...argv: string[]): Promise<string> =>
  body(...argv).then(
    () => '',
    (error: Error) => error.message,
  );

describe('all faults are told at once, and what was typed is not repeated', () => {
  test('of address, body and names', async () => {
    const failure = await check(make, ['--numer', '5', '--number', '900', '--flag=ya', '--level', '3']).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      status: 2,
      lines: [
        '--numer tidak dikenal. Maksudnya --number?',
        '--thingId: Wajib diisi.',
        '--text: Wajib diisi.',
        '--number: Terlalu besar: diharapkan number menjadi <=720',
        '--flag: Input tidak valid: diharapkan boolean, diterima string',
        '--level: Input tidak valid',
      ],
    });
  });

  test.each<[string, string[], string]>([
    ['no number', ['--number', 'banyak'], '--number: Input tidak valid: diharapkan number, diterima string'],
    ['a value twice', ['--text', 'y'], '--text ditulis lebih dari sekali.'],
    ['a missing value', ['--number'], '--number memerlukan nilai.'],
    ['broken JSON', ['--open', '{"a":'], '--open: bukan JSON yang benar.'],
    ['broken JSON of a body', ['--json', '{'], '--json: bukan JSON yang benar.'],
    ['a body that is no object', ['--json', '[]'], '--json: isinya harus berupa objek JSON.'],
    ['a name that is not known', ['--json', '{"nama":1}'], '--nama: Isian ini tidak dikenal.'],
    ['a fault inside a list', ['--people', '{"nama":1}'], '--people[0].name: Wajib diisi.'],
    ['a part of a list', ['--people.0.name', 'a'], '--people.0.name tidak dikenal.'],
    ['a file that is not there', ['--open', 'tidak-ada.json'], '"tidak-ada.json" tidak dapat dibaca (ENOENT).'],
    ['a password file', ['--password-file', 'x'], '--password-file tidak dipakai oleh perintah ini.'],
    ['an address part twice', ['--thingId', '8'], '--thingId ditulis lebih dari sekali.'],
  ])('%s', async (_name, argv, fault) => expect(await faults(...argv)).toContain(fault));

  test.each(['', '.', '..'])('an address is never another one: %j', async (thingId) => {
    await expect(check(make, [`--thingId=${thingId}`, '--text', 'x'])).rejects.toThrow('--thingId: Wajib diisi.');
  });

  test('what is special in an address is escaped', async () => {
    const { path } = await check(make, ['--thingId', '../a b?c#d', '--text', 'x']);
    expect(path).toBe('/v1/things/..%2Fa%20b%3Fc%23d');
  });
});

describe('bodies from files', () => {
  let place: CommandLine;
  beforeEach(async () => {
    place = await CommandLine.open('http://127.0.0.1:1');
  });
  afterEach(() => place.close());

  test('options win over --json, and it over the file; objects are joined', async () => {
    await writeFile(place.path('body.json'), '\ufeff{"text":"berkas","number":1,"person":{"name":"A","days":[1]}}');
    const argv = ['--thingId', '7', '--file', place.path('body.json'), '--json', '{"number":2,"person":{"name":"B"}}'];
    expect((await check(make, [...argv, '--number', '3'])).body).toEqual({
      text: 'berkas',
      number: 3,
      person: { name: 'B', days: [1] },
    });
  });

  test('stdin is a file too, but only once', async () => {
    const { body: piped } = await check(make, ['--thingId', '7', '--file', '-'], '{"text":"dari pipa"}');
    expect(piped).toEqual({ text: 'dari pipa' });
    await expect(check(make, ['--thingId', '7', '--file', '-', '--open', '-'], '{"text":"x"}')).rejects.toThrow(
      'stdin hanya dapat dibaca satu kali.',
    );
  });

  test('an object may be a file of its own', async () => {
    await writeFile(place.path('person.json'), '{"name":"Siti"}');
    await writeFile(place.path('people.json'), '[{"name":"Siti"},{"name":"Budi"}]');
    const argv = ['--person', place.path('person.json'), '--people', place.path('people.json')];
    expect(await body(...argv)).toMatchObject({
      person: { name: 'Siti' },
      people: [{ name: 'Siti' }, { name: 'Budi' }],
    });
  });

  test('a key named __proto__ is refused like any other', async () => {
    const failure = faults('--json', '{"__proto__":{"text":"y"}}');
    expect(await failure).toContain('--__proto__: Isian ini tidak dikenal.');
  });
});

describe('queries', () => {
  test('are checked, and sent as they were written', async () => {
    expect((await check(list, ['--limit', '20', '--act', 'x'])).path).toBe('/v1/things?limit=20&act=x');
    expect((await check(list, [])).path).toBe('/v1/things');
    await expect(check(list, ['--limit', '0', '--act', 'y', '--json', '{}'])).rejects.toMatchObject({
      lines: [
        '--json tidak dipakai oleh perintah ini.',
        '--limit: Terlalu kecil: diharapkan number menjadi >=1',
        '--act: Input tidak valid: diharapkan "x"',
      ],
    });
  });
});
