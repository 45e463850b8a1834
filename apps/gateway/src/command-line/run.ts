import { routes as contract, type Route } from '#contracts';
import { commandsOf, findCommand, type Command } from './commands.js';
import { execute } from './execute.js';
import { CommandFailure, exitStatus, usageFailure } from './exit-status.js';
import { commandHelp, groupHelp, overview } from './help.js';
import { printable, type Io } from './io.js';
import { findLocalCommand, localCommands as ownLocalCommands, type LocalCommand } from './local-commands.js';
import { didYouMean } from './nearest.js';
import { readLine } from './options.js';

export interface Parts {
  routes: readonly Route[];
  localCommands: Readonly<Record<string, LocalCommand>>;
  /** How long one request may take. */
  deadlineMs: number;
}

/**
 * The command line for the technician: a REST client whose commands are the contract's routes.
 * @param argv what follows the name of the program
 * @returns the exit status
 */
export async function run(argv: readonly string[], io: Io, parts: Partial<Parts> = {}): Promise<number> {
  const { routes = contract, localCommands = ownLocalCommands, deadlineMs = 30_000 } = parts;
  try {
    const local = findLocalCommand(localCommands, argv);
    if (local) return await local.command.run(local.rest);
    return await runCommand(argv, io, { routes, localCommands, deadlineMs });
  } catch (error) {
    const failure =
      error instanceof CommandFailure
        ? error
        : new CommandFailure(exitStatus.refused, [`Kesalahan tak terduga: ${printable(String(error))}`]);
    io.stderr.write(`${failure.lines.join('\n')}\n`);
    return failure.status;
  }
}

async function runCommand(argv: readonly string[], io: Io, parts: Parts): Promise<number> {
  const commands = commandsOf(parts.routes);
  const line = readLine(argv, (name, words) =>
    Boolean(findCommand(commands, words)?.body.some((field) => field.name === name && isSwitch(field.shape.types))),
  );
  const asksForHelp = line.help || line.words[0] === 'help' || line.words.length === 0;
  const words = line.words[0] === 'help' ? line.words.slice(1) : line.words;
  const command = findCommand(commands, words);
  if (asksForHelp) {
    io.stdout.write(`${helpFor(words, command, commands, parts.localCommands)}\n`);
    return exitStatus.done;
  }
  if (!command) throw unknownCommand(words, commands, parts.localCommands);
  const stray = words.slice(command.words.length);
  const [file] = stray;
  if (isUpload(command) && file !== undefined && stray.length === 1) {
    line.options.push({ name: 'file', value: file });
    stray.pop();
  }
  if (stray.length > 0)
    throw usageFailure(...stray.map((word) => `"${word}" berlebih: nilai ditulis sebagai --nama nilai.`), see(command));
  return execute(command, line.options, io, parts.deadlineMs).catch((error: unknown) => {
    if (!(error instanceof CommandFailure) || error.status !== exitStatus.usage) throw error;
    throw usageFailure(...error.lines, see(command));
  });
}

/** Whether the command takes a file as it is, which may then stand without the name of an option. */
const isUpload = ({ route }: Command): boolean => route.body?.contentType === 'multipart/form-data';

const isSwitch = (types: ReadonlySet<string>): boolean => types.has('boolean') && !types.has('string');

const see = ({ name }: Command): string => `Rincian: gerbang help ${name}`;

function helpFor(
  words: readonly string[],
  command: Command | undefined,
  commands: readonly Command[],
  localCommands: Parts['localCommands'],
): string {
  const [first = ''] = words;
  if (first === '') return overview(commands, localCommands);
  if (command) return commandHelp(command);
  const local = findLocalCommand(localCommands, words);
  if (local) return `gerbang ${words.join(' ')}\n  ${local.command.summary}`;
  const members = commands.filter((member) => member.words[0] === first);
  if (members.length > 0 && words.length === 1) return groupHelp(first, members);
  throw unknownCommand(words, commands, localCommands);
}

function unknownCommand(
  words: readonly string[],
  commands: readonly Command[],
  localCommands: Parts['localCommands'],
): CommandFailure {
  const members = commands.filter((member) => member.words[0] === words[0]);
  const typed = words.join(' ');
  if (members.length > 0 && words.length === 1)
    return usageFailure(`Perintah "${typed}" belum lengkap.`, groupHelp(typed, members));
  const names = [...commands.map(({ name }) => name), ...Object.keys(localCommands)];
  return usageFailure(
    `Perintah "${typed}" tidak dikenal.${didYouMean(typed, names, 'gerbang ')}`,
    'Semua perintah: gerbang help',
  );
}
