import { errors } from '#contracts';
import type { Command } from './commands.js';
import { exampleOf, shellLine } from './example.js';
import { withInner, type Field, type Shape } from './fields.js';
import type { LocalCommand } from './local-commands.js';
import { generalOptions } from './options.js';
import { environmentNameOf, isAskedFor, isSecret } from './secrets.js';

const withoutGroup = 'masuk dan keluar';
const rank = (title: string): string => (title === withoutGroup ? '' : title);
const rolesOf = ({ route: { access } }: Command): string => (access === 'public' ? 'umum' : access.roles.join(', '));

/** All commands, or those of one first word. */
export function overview(commands: readonly Command[], local: Readonly<Record<string, LocalCommand>>): string {
  const titles = [...new Set(commands.map(titleOf))].toSorted((a, b) => rank(a).localeCompare(rank(b)));
  const shown = titles.map((title) =>
    groupHelp(
      title,
      commands.filter((command) => titleOf(command) === title),
    ),
  );
  const localRows = Object.entries(local).map(([name, { summary }]): Row => [`gerbang ${name}`, summary]);
  return [
    'gerbang: mengelola Gerbang PATEN dari baris perintah.',
    'Pemakaian: gerbang <perintah> [--opsi nilai ...]     Rincian: gerbang help <perintah>',
    ...shown,
    ...(localRows.length > 0 ? [group('pada komputer ini, tanpa gateway', localRows)] : []),
    general(),
    'Kode akhir: 0 selesai, 1 ditolak server, 2 perintah salah tulis, 3 server tidak terhubung, 4 harus login.',
  ].join('\n\n');
}

const titleOf = ({ words: [first = '', ...more] }: Command): string => (more.length === 0 ? withoutGroup : first);

/** Commands that belong together. */
export const groupHelp = (title: string, commands: readonly Command[]): string => group(title, commands.map(row));

const row = (command: Command): Row => [`gerbang ${command.name}`, `${command.route.summary} [${rolesOf(command)}]`];

/** Everything about one command. */
export function commandHelp(command: Command): string {
  const { route, pathParameters, query, body } = command;
  const example = exampleOf(command);
  return [
    `gerbang ${command.name}\n  ${route.summary}`,
    ...(route.description === undefined ? [] : [route.description]),
    `${route.method} ${route.path}\nUntuk: ${rolesOf(command)}`,
    ...(pathParameters.length > 0 ? [group('Alamat', pathParameters.map(parameterRow))] : []),
    ...(query.length > 0 ? [group('Saringan', query.flatMap(fieldRows))] : []),
    ...(body.length > 0 ? [group('Isi', body.flatMap(fieldRows))] : []),
    `Contoh\n  ${shellLine(['gerbang', ...example.argv])}`,
    ...Object.entries(example.files).map(([name, content]) => `${name}\n${indent(JSON.stringify(content, null, 2))}`),
    `Opsi umum: ${generalFor(command).join(', ')} (lihat gerbang help)`,
    group(
      'Kesalahan yang mungkin dijawab',
      route.errors.map((code): Row => [`${code} (${errors[code].status})`, errors[code].detail]),
    ),
  ].join('\n\n');
}

const parameterRow = (name: string): Row => [
  `--${name}`,
  name === 'institutionId' ? 'tanpa opsi ini: lembaga dari sesi' : 'wajib',
];

/** The parts of a list's items can only be written as JSON: they are named without the dashes of an option. */
function fieldRows(field: Field): Row[] {
  const { name, shape } = field;
  const items = (shape.item?.fields ?? []).flatMap(withInner).flatMap(fieldRows);
  const parts = items.map(([option, text]): Row => [option.replace(/^(--)?/, '').replace(name, `${name}[]`), text]);
  return [fieldRow(field), ...parts];
}

function fieldRow(field: Field): Row {
  const { name, required, alwaysRequired, description } = field;
  const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const notes = [
    typeText(field.shape),
    ...(alwaysRequired ? ['wajib'] : []),
    ...(required && !alwaysRequired ? [`wajib bila --${owner} diisi`] : []),
    ...(field.default === undefined ? [] : [`bawaan ${JSON.stringify(field.default)}`]),
    ...(isSecret(field) ? [secretNote(field)] : []),
  ];
  return [`--${name}`, `${notes.join('; ')}${description === undefined ? '' : `. ${description}`}`];
}

function secretNote(field: Field): string {
  const variable = environmentNameOf(field.name);
  const ways = [...(isAskedFor(field) ? ['ditanyakan'] : []), ...(variable ? [variable] : []), 'dari berkas JSON'];
  return `rahasia, bukan opsi: ${ways.join(', atau ')}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'teks',
  integer: 'bilangan bulat',
  number: 'bilangan',
  boolean: 'true|false',
  object: 'objek JSON, atau nama berkas JSON',
};
const formatNames: Readonly<Record<string, string>> = {
  date: 'tanggal YYYY-MM-DD',
  'date-time': 'waktu, misalnya 2027-12-31T16:59:59Z',
  uuid: 'UUID',
  uri: 'alamat (URL)',
  email: 'alamat surel',
  cidrv4: 'CIDR, misalnya 10.1.2.0/24',
  ipv4: 'alamat IP',
};

function typeText(shape: Shape): string {
  const { types, choices, item, minimum, maximum } = shape;
  const texts = [...types].flatMap((type) => {
    if (type === 'null') return [];
    if (type === 'array') return [`${item ? typeText(item) : 'nilai'}; boleh diulang`];
    if (choices.length > 0) return [];
    return [(type === 'string' && shape.format !== undefined && formatNames[shape.format]) || typeNames[type] || type];
  });
  if (choices.length > 0) texts.unshift(choices.map(String).join('|'));
  const limits = [minimum, maximum].map((limit) => (isLimit(limit) ? limit : ''));
  const range = limits.some((limit) => limit !== '') ? ` ${limits.join('..')}` : '';
  return `${texts.join(' atau ')}${range}${types.has('null') ? ' atau null' : ''}`;
}

/** Every integer of zod has the ends of what is exact as its limits: that tells a person nothing. */
const isLimit = (limit: number | undefined): limit is number =>
  limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;

type Row = [name: string, text: string];

function group(title: string, rows: readonly Row[]): string {
  const width = Math.min(44, Math.max(0, ...rows.map(([name]) => name.length)));
  return [title, ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join('\n');
}

const general = (): string =>
  group(
    'Opsi umum',
    Object.entries(generalOptions).map(([name, text]): Row => [`--${name}`, text]),
  );

function generalFor({ route, body }: Command): string[] {
  const forBody = ['file', 'json', 'password-file'];
  return Object.keys(generalOptions)
    .filter((name) => (route.body || !forBody.includes(name)) && !body.some((field) => field.name === name))
    .map((name) => `--${name}`);
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
