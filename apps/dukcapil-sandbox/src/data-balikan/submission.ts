/** One record of a request to the store, in whichever body form it came. */
export interface Submitted {
  readonly idLembaga: string;
  readonly nik: string;
  readonly nomorRegister: string;
  /** Of the register, where one was sent. */
  readonly date: string | null;
}

/** A request's records; undefined when the body is neither of the two forms that client code shows. */
export function readSubmission(body: string, contentType: string): Submitted[] | undefined {
  try {
    return contentType.startsWith('application/x-www-form-urlencoded') ? readForm(body) : readArray(body);
  } catch {
    return undefined;
  }
}

/** `nik`, `id_lembaga`, `nama_lembaga`, and `param`: a JSON *string* that holds an array of one object. */
function readForm(body: string): Submitted[] | undefined {
  const form = new URLSearchParams(body);
  const param = firstParam(JSON.parse(form.get('param') ?? ''));
  if (param === undefined || !form.get('nama_lembaga')) return undefined;
  return [toSubmitted(form.get('id_lembaga') ?? '', form.get('nik') ?? '', param)];
}

/** `[{ id_lembaga, nama_lembaga, data: [{ NIK, param: [{...}] }] }]` */
function readArray(body: string): Submitted[] | undefined {
  const list = JSON.parse(body) as unknown;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const read: Submitted[] = [];
  for (const { id_lembaga, nama_lembaga, data } of list as Record<string, unknown>[]) {
    if (typeof id_lembaga !== 'string' || !nama_lembaga || !Array.isArray(data) || data.length === 0) return undefined;
    for (const { NIK, param } of data as Record<string, unknown>[]) {
      const first = firstParam(param);
      if (typeof NIK !== 'string' || first === undefined) return undefined;
      read.push(toSubmitted(id_lembaga, NIK, first));
    }
  }
  return read;
}

type Param = Record<string, unknown>;

function firstParam(param: unknown): Param | undefined {
  const first: unknown = Array.isArray(param) ? param[0] : undefined;
  return typeof first === 'object' && first !== null ? (first as Param) : undefined;
}

/** How an institution names its keys is not public: the register number is the one that is named so, or else the first. */
function toSubmitted(idLembaga: string, nik: string, param: Param): Submitted {
  const entries = Object.entries(param).map(([key, value]) => [key, typeof value === 'string' ? value : ''] as const);
  const register = entries.find(([key]) => /register/i.test(key)) ?? entries[0];
  const date = entries.find(([, value]) => /^\d{4}-\d\d-\d\d$/.test(value));
  return { idLembaga, nik, nomorRegister: register?.[1].trim() ?? '', date: date?.[1] ?? null };
}
