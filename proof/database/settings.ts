import type { Connect } from './text-search.js';

/** What decides whether statements, values or packed pages come to lie on the disk. */
const telling = [
  'server_version',
  'wal_compression',
  'default_toast_compression',
  'log_statement',
  'log_min_duration_statement',
  'log_min_error_statement',
  'log_parameter_max_length',
  'log_parameter_max_length_on_error',
  'log_error_verbosity',
  'shared_preload_libraries',
  'archive_mode',
];

export async function readSettings(connect: Connect): Promise<Record<string, string>> {
  const client = await connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name',
      [telling],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  } finally {
    await client.end();
  }
}

/** Packed WAL that neither a search for the bytes nor one for what pglz leaves whole would see. */
export function hidingSettings({ wal_compression: wal = 'off' }: Record<string, string>): string[] {
  return ['off', 'pglz', 'on', 'lz4'].includes(wal) ? [] : [`wal_compression = ${wal}: the WAL cannot be searched`];
}
