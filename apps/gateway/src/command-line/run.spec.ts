import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CommandLine } from './command-line-fixture.js';

let person: CommandLine;
beforeAll(async () => {
  person = await CommandLine.open('http://127.0.0.1:1');
});
afterAll(() => person.close());

describe('help', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('%j shows all commands', async (argv) => {
    const { status, out, error } = await person.run(argv);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toContain('gerbang client rotate-secret  A new secret; those before count for the overlap [admin]');
    expect(out).toContain('\nclient\n');
    expect(out).toContain('Kode akhir: 0 selesai');
    expect(out.indexOf('gerbang login')).toBeLessThan(out.indexOf('gerbang account'));
  });

  test.each([[['help', 'client']], [['client', '--help']]])('%j shows a group', async (argv) => {
    const { status, out } = await person.run(argv);
    expect(status).toBe(0);
    expect(out).toMatch(/^client\n {2}gerbang client create /);
    expect(out).not.toContain('gerbang operator');
  });

  test('of a command shows its parameters, fields, example and errors', async () => {
    const { out } = await person.run(['client', 'rotate-secret', '--help']);
    expect(out).toMatch(/--institutionId +tanpa opsi ini: lembaga dari sesi/);
    expect(out).toMatch(/--clientId +wajib/);
    expect(out).toMatch(/--overlapHours +bilangan 0\.\.720; bawaan 24\. How long the secrets before still count/);
    expect(out).toMatch(/--reason +teks; wajib\. Why; goes on record/);
    expect(out).toContain(
      "gerbang client rotate-secret --clientId <clientId> --overlapHours 24 --reason 'Pergantian berkala'",
    );
    expect(out).toMatch(/RESOURCE_NOT_FOUND \(404\) +Data yang dicari tidak ada/);
  });

  test('names the fields of list items, secrets as such, and no general option that a field hides', async () => {
    const { out } = await person.run(['help', 'institution', 'import']);
    expect(out).toMatch(/ file\.operators\[\]\.workingHours\.from +teks/);
    expect(out).toMatch(/ file\.operators\[\]\.nik +teks; rahasia, bukan opsi: dari berkas JSON/);
    expect(out).toMatch(/Opsi umum: .*--json/);
    expect(out).not.toMatch(/Opsi umum: .*--file/);
  });
});

describe('a line that is wrong', () => {
  test.each<[string[], string]>([
    [['clinet', 'list'], 'Perintah "clinet list" tidak dikenal. Maksudnya gerbang client list?'],
    [['help', 'clinet', 'list'], 'Maksudnya gerbang client list?'],
    [['xyzzy'], 'Perintah "xyzzy" tidak dikenal.\n'],
    [['client'], 'Perintah "client" belum lengkap.\nclient\n  gerbang client create'],
    [['client', 'revok'], 'Maksudnya gerbang client revoke?'],
    [['client', 'revoke', 'paten'], '"paten" berlebih: nilai ditulis sebagai --nama nilai.'],
    [['client', 'list', '--url', 'ftp://x'], 'Alamat gateway "ftp://x" tidak benar'],
    [['client', 'list', '--url', 'http://a:b@x'], 'tidak boleh memuat nama pengguna atau kata sandi'],
    [['client', 'list', '--output', 'xml'], '--output: pilih json atau text.'],
    [['client', 'list', '--insecure', 'true'], '--insecure tidak dikenal.'],
  ])('%j', async (argv, fault) => {
    const { status, out, error } = await person.run(argv);
    expect(error).toContain(fault);
    expect({ status, out }).toEqual({ status: 2, out: '' });
  });

  test('without an address says where to write it', async () => {
    const nowhere = await CommandLine.open('');
    expect(await nowhere.run(['login', '--username', 'x'])).toMatchObject({
      status: 2,
      error: expect.stringContaining('tulis --url https://... atau isi GERBANG_URL'),
    });
    await nowhere.close();
  });
});

describe('commands that need no gateway', () => {
  const localCommands = {
    bootstrap: {
      summary: 'First institution',
      run: (args: string[]) => Promise.resolve(args.length),
    },
    broken: { summary: 'Fails', run: () => Promise.reject(new Error('tidak ada basis data\u001b')) },
  };

  test('get the rest of the line, and their answer is the exit status', async () => {
    const { status } = await person.run(['bootstrap', 'a.json', '--help', '--x'], { parts: { localCommands } });
    expect(status).toBe(3);
  });

  test('are in the help', async () => {
    const all = await person.run([], { parts: { localCommands } });
    expect(all.out).toMatch(/pada komputer ini, tanpa gateway\n {2}gerbang bootstrap +First institution/);
    expect((await person.run(['help', 'bootstrap'], { parts: { localCommands } })).out).toContain('First institution');
  });

  test('may fail', async () => {
    const { status, error } = await person.run(['broken'], { parts: { localCommands } });
    expect({ status, error }).toEqual({ status: 1, error: 'Kesalahan tak terduga: Error: tidak ada basis data·\n' });
  });

  test('have no names that every object has', async () => {
    expect((await person.run(['constructor'])).status).toBe(2);
  });
});

test('a password over an open line is warned of', async () => {
  person.environment.GERBANG_PASSWORD = 'x';
  const far = await person.run(['login', '--username', 'x', '--url', 'http://192.0.2.1:8080'], {
    parts: { deadlineMs: 50 },
  });
  expect(far.error).toMatch(/^Peringatan: sambungan ke http:\/\/192\.0\.2\.1:8080 tidak terenkripsi/);
  const near = await person.run(['login', '--username', 'x', '--url', 'http://127.0.0.1:1']);
  expect(near.error).not.toContain('Peringatan');
});
