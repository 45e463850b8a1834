import type { Field } from './fields.js';

/**
 * Fields that never stand on the line: it can be read by others (`ps`) and stays in the shell's history. A NIK is one of
 * them, and what the ministry lets us in with. They come from a question, the environment or a file.
 */
const secretNames = new Set([
  'password',
  'currentPassword',
  'newPassword',
  'code',
  'activationCode',
  'nik',
  'token',
  'secret',
]);

/** Of the caller's own account, so at the top of a body; the ministry's password further inside is another one. */
const environmentNames: Readonly<Record<string, string>> = {
  password: 'GERBANG_PASSWORD',
  currentPassword: 'GERBANG_PASSWORD',
  newPassword: 'GERBANG_NEW_PASSWORD',
  code: 'GERBANG_CODE',
  activationCode: 'GERBANG_ACTIVATION_CODE',
};

const questions: Readonly<Record<string, string>> = {
  password: 'Kata sandi',
  currentPassword: 'Kata sandi sekarang',
  newPassword: 'Kata sandi baru',
  code: 'Kode 6 angka atau kode pemulihan (kosongkan bila tidak ada)',
  activationCode: 'Kode aktivasi',
  nik: 'NIK (16 angka)',
};

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** One whose values the contract lists (how the ministry spells `password`) is none. */
export const isSecret = ({ name, shape }: Field): boolean =>
  secretNames.has(lastPart(name)) && shape.choices.length === 0;

/** The environment variable that a secret may come from. */
export const environmentNameOf = (name: string): string | undefined => environmentNames[name];

/** Whether `--password-file` means this field. */
export const isOwnPassword = (name: string): boolean => name === 'password' || name === 'currentPassword';

export const questionOf = (name: string): string =>
  name.includes('.') || !questions[name] ? `${questions[lastPart(name)] ?? lastPart(name)} (${name})` : questions[name];

/** A secret that is asked for when it was not given: what is needed, and the code, which depends on the account. */
export const isAskedFor = (field: Field): boolean => isSecret(field) && (field.required || field.name === 'code');

/** A password that is set now: a slip of the finger would lock its owner out. */
export const isChosenNow = (name: string, ofBody: readonly Field[]): boolean =>
  name === 'newPassword' || (name === 'password' && ofBody.some((field) => field.name === 'activationCode'));

/** Dotted names of the secrets in a value that stood on the line; items of a list are named as the list. */
export function secretsIn(value: unknown, name: string, fields: readonly Field[]): string[] {
  const names = new Set(
    fields
      .flatMap(withItems)
      .filter(isSecret)
      .map(({ name }) => name),
  );
  return namesIn(value, name).filter((inner) => names.has(inner));
}

const withItems = (field: Field): Field[] => [
  field,
  ...field.shape.fields.flatMap(withItems),
  ...(field.shape.item?.fields.flatMap(withItems) ?? []),
];

function namesIn(value: unknown, name: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, name));
  if (typeof value !== 'object' || value === null) return [name];
  return Object.entries(value).flatMap(([key, inner]) => namesIn(inner, name === '' ? key : `${name}.${key}`));
}

export function secretOnLine(name: string): string {
  const variable = environmentNameOf(name);
  const ways = [
    'tulis di berkas JSON',
    ...(variable ? [`isi ${variable}`] : []),
    ...(variable || questions[name] ? ['kosongkan agar ditanyakan'] : []),
  ];
  return `--${name} tidak diterima pada baris perintah karena dapat dilihat pengguna lain; ${ways.join(', atau ')}.`;
}
