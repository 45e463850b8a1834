import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { parse } from 'csv-parse';
import pg from 'pg';
import { Pool } from 'undici';
import { CopyIn, copyLine } from './copy-in.js';
import type { FromPlain, PlainJob, PlainResult } from './plain-job.js';

// What a developer writes first, in a process of its own as the service is one: nothing is checked, proven, sealed or kept.

type JobOf<Kind extends PlainJob['kind']> = Extract<PlainJob, { kind: Kind }>;

/** Characters that go to the database at once. */
const pieceLength = 64 * 1024;

/** csv-parse, and COPY of what it finds in one transaction. */
async function copy({ database, path, table }: JobOf<'copy'>): Promise<PlainResult> {
  const client = new pg.Client(database);
  await client.connect();
  try {
    const startedAt = performance.now();
    const into = client.query(new CopyIn(`COPY ${table} FROM STDIN`));
    const parser = createReadStream(path).pipe(parse({ delimiter: ';', from_line: 2 }));
    const ended = once(parser, 'end');
    let lines = '';
    let writing: Promise<void> = Promise.resolve();
    parser.on('readable', () => {
      for (let record: string[] | null; (record = parser.read() as string[] | null);) lines += copyLine(record);
      if (lines.length < pieceLength) return;
      const piece = lines;
      lines = '';
      writing = writing.then(() => into.write(piece));
      // told when it is waited for
      writing.catch(() => undefined);
    });
    await ended;
    await writing;
    await into.write(lines);
    const done = await into.end();
    return { done, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await client.end();
  }
}

/** The same requests that the service makes, each when the one before is answered, `parallel` at once. */
async function send({ url, token, idLembaga, namaLembaga, rows, parallel }: JobOf<'send'>): Promise<PlainResult> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: parallel, pipelining: 1 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' };
  let [next, done] = [0, 0];
  const sendAll = async () => {
    for (let row = rows[next++]; row; row = rows[next++]) {
      const param = { NOMOR_REGISTER: row.nomorRegister, NAMA_USAHA: row.namaUsaha, JENIS_USAHA: row.jenisUsaha };
      const data = [{ NIK: row.nik, param: [param] }];
      const body = JSON.stringify([{ id_lembaga: idLembaga, nama_lembaga: namaLembaga, data }]);
      const response = await pool.request({ method: 'POST', path: pathname, headers, body });
      const { message } = (await response.body.json()) as { message?: string };
      if (response.statusCode === 200 && message === 'Success') done += 1;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: parallel }, sendAll));
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return { done, seconds };
}

const tell = (message: FromPlain): void => void process.send?.(message);

process.once('disconnect', () => process.exit(0));
process.on('message', (job: PlainJob) => {
  (job.kind === 'copy' ? copy(job) : send(job)).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ failed: error instanceof Error ? (error.stack ?? error.message) : 'unknown error' }),
  );
});
