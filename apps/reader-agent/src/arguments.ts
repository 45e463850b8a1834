import { parseArgs } from 'node:util';

export type Command =
  | { name: 'join'; code: string; url: string; state: string }
  | { name: 'run' | 'check'; state: string; card?: boolean }
  | { name: 'help' | 'version' };

export const usage = `reader-agent join <kode> --url <alamat gateway>   daftarkan komputer ini dengan kode sekali pakai dari admin
reader-agent run                                  jalankan (biasanya oleh layanan sistem)
reader-agent check [--card]                       periksa lapis demi lapis; --card juga mencoba satu kartu
reader-agent version

  --state <folder>   kunci, pengaturan agent.json dan jurnal (bawaan: ${defaultState()}, atau READER_AGENT_STATE)
`;

/** @throws {TypeError} for what was written wrongly */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      url: { type: 'string' },
      card: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const state = values.state ?? env.READER_AGENT_STATE ?? defaultState();
  const [name, code, ...rest] = positionals;
  if (values.help || name === undefined || name === 'help') return { name: 'help' };
  if (rest.length > 0 || (code !== undefined && name !== 'join')) throw new TypeError('too many arguments');
  if (name === 'version') return { name };
  if (name === 'run') return { name, state };
  if (name === 'check') return { name, state, card: values.card ?? false };
  if (name !== 'join' || code === undefined || values.url === undefined || !URL.canParse(values.url))
    throw new TypeError('unknown command');
  return { name, code, url: values.url, state };
}

function defaultState(): string {
  return process.platform === 'win32'
    ? `${process.env.ProgramData ?? 'C:\\ProgramData'}\\reader-agent`
    : '/var/lib/reader-agent';
}
