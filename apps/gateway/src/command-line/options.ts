import { usageFailure } from './exit-status.js';

/** Options of every command, beside those that its route has. */
export const generalOptions = {
  url: 'Alamat gateway, misalnya https://gerbang.kecamatan.example; juga GERBANG_URL',
  ca: 'Berkas PEM dengan sertifikat CA yang dipercaya, sebagai ganti CA bawaan; juga NODE_EXTRA_CA_CERTS',
  output: 'json atau text; tanpa opsi ini: text pada terminal, json selain itu',
  out: 'Simpan jawaban ke berkas ini (wajib bila jawabannya PDF, SVG, Excel, berkas lain, atau bundel bukti)',
  file: 'Isi permintaan dari berkas JSON; - berarti stdin',
  json: 'Isi permintaan sebagai JSON',
  'password-file': 'Baca kata sandi dari berkas ini',
} as const;
export type GeneralOption = keyof typeof generalOptions;

const isGeneral = (name: string): boolean => Object.hasOwn(generalOptions, name);

/** `--name value`, `--name=value` or, of a switch, `--name` alone. */
export interface Option {
  name: string;
  value: string | undefined;
}

export interface Line {
  /** The command, and what stands there too much. */
  words: string[];
  options: Option[];
  help: boolean;
}

/**
 * Takes a line apart. Values that begin with `--` are written `--name=--value`.
 * @param isSwitch whether an option needs no value; asked with the words that stand before it
 */
export function readLine(argv: readonly string[], isSwitch: (name: string, words: readonly string[]) => boolean): Line {
  const line: Line = { words: [], options: [], help: false };
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? '';
    if (token === '--help' || token === '-h') line.help = true;
    else if (token.startsWith('--')) {
      const option = splitToken(token.slice(2));
      const next = argv[index + 1];
      if (option.value === undefined && takesNext(option.name, next)) {
        option.value = next;
        index++;
      }
      line.options.push(option);
    } else line.words.push(token);
  }
  return line;

  function takesNext(name: string, next: string | undefined): boolean {
    if (next === undefined || next.startsWith('--')) return false;
    return isGeneral(name) || !isSwitch(name, line.words) || next === 'true' || next === 'false';
  }
}

function splitToken(token: string): Option {
  const at = token.indexOf('=');
  return at < 0 ? { name: token, value: undefined } : { name: token.slice(0, at), value: token.slice(at + 1) };
}

export type General = Partial<Record<GeneralOption, string>>;

/** Tells the general options from those of the command, which win where a name is both. */
export function splitGeneral(
  options: readonly Option[],
  ofCommand: (name: string) => boolean,
): { general: General; own: Option[] } {
  const general: General = {};
  const own: Option[] = [];
  const faults: string[] = [];
  for (const option of options) {
    if (ofCommand(option.name) || !isGeneral(option.name)) own.push(option);
    else if (option.value === undefined) faults.push(`--${option.name} memerlukan nilai.`);
    else if (Object.hasOwn(general, option.name)) faults.push(`--${option.name} ditulis lebih dari sekali.`);
    else general[option.name as GeneralOption] = option.value;
  }
  if (general.output !== undefined && !['json', 'text'].includes(general.output))
    faults.push('--output: pilih json atau text.');
  if (faults.length > 0) throw usageFailure(...faults);
  return { general, own };
}
