import type { ParamKeys } from '#contracts';

/** What of a record goes to the ministry. */
export interface SentRecord {
  nomorRegister: string;
  namaUsaha: string;
  jenisUsaha: string;
  kodeKbli: string | null;
  versiKbli: string | null;
  /** YYYY-MM-DD */
  tanggal: string;
}

const order = ['nomorRegister', 'namaUsaha', 'jenisUsaha', 'kodeKbli', 'versiKbli', 'tanggal'] as const;

/** The ministry's names of the columns after NIK, in its order; what has no name is not sent. */
export const columnsOf = (keys: ParamKeys): { key: string; field: (typeof order)[number] }[] =>
  order.flatMap((field) => {
    const key = keys[field];
    return key === null ? [] : [{ key, field }];
  });

/** `[{ id_lembaga, nama_lembaga, data: [{ NIK, param: [{...}] }] }]` in pieces, as the ministry's web service takes it */
export async function* jsonOf<R extends SentRecord>(
  to: { idLembaga: string; namaLembaga: string; paramKeys: ParamKeys },
  pages: AsyncIterable<readonly { nik: string; record: R }[]>,
): AsyncGenerator<Buffer> {
  const columns = columnsOf(to.paramKeys);
  const head = JSON.stringify({ id_lembaga: to.idLembaga, nama_lembaga: to.namaLembaga }).slice(0, -1);
  yield Buffer.from(`[${head},"data":[`);
  let separator = '\n';
  for await (const page of pages) {
    let text = '';
    for (const { nik, record } of page) {
      const param = Object.fromEntries(
        columns.flatMap(({ key, field }) => (record[field] === null ? [] : [[key, record[field]]])),
      );
      text += separator + JSON.stringify({ NIK: nik, param: [param] });
      separator = ',\n';
    }
    yield Buffer.from(text);
  }
  yield Buffer.from('\n]}]\n');
}
