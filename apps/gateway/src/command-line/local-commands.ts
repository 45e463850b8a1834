import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { InstitutionFile } from '#contracts';
import { AppError, ConfigError } from '#service';
import type { FirstCode } from '../provisioning/first-people.js';
import type { Installation } from '../provisioning/installation.js';
import { verifierCommands } from './verifier-commands.js';

/** A command that works here, without a running gateway. */
export interface LocalCommand {
  summary: string;
  /** @param args what follows the command's name; answers the exit status */
  run(args: string[]): Promise<number>;
}

/** The one that a line begins with, by one word or two, and what follows it. */
export function findLocalCommand(
  commands: Readonly<Record<string, LocalCommand>>,
  words: readonly string[],
): { command: LocalCommand; rest: string[] } | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return { command, rest: words.slice(count) };
  }
  return undefined;
}

/** The services' own parts are only loaded where they are needed: all other commands start at once. */
async function here<R>(work: (installation: Installation) => Promise<R>): Promise<R> {
  const { withInstallation } = await import('../provisioning/installation.js');
  return withInstallation(process.env, work);
}

const say = (text: string) => process.stdout.write(`${text}\n`);

/** What takes the gateway's own environment: only whoever runs it can. `--help` tells what it is for. */
const atTheMachine = (summary: string, work: (args: string[]) => Promise<void>): LocalCommand => ({
  summary,
  run: async (args) => {
    if (!args.some((word) => word === '--help' || word === '-h')) return told(() => work(args));
    say(summary);
    return 0;
  },
});

export const localCommands: Record<string, LocalCommand> = {
  bootstrap: atTheMachine(
    'Bring in the first institution and its first admin, at the machine itself: gerbang bootstrap <institution.json>',
    async (args) => {
      const [path] = args;
      if (path === undefined || args.length !== 1) throw new UsageError('gerbang bootstrap <institution.json>');
      const file = await readInstitution(path);
      const { bootstrap } = await import('../provisioning/first-people.js');
      const done = await here((installation) => bootstrap(installation, file));
      for (const change of done.changes) say(`Dicatat: ${change}`);
      for (const { clientId, secret } of done.secrets)
        say(`Secret aplikasi ${clientId} (hanya tampil sekali): ${secret}`);
      for (const code of done.codes) sayCode(code);
      if (done.proposals.length > 0)
        say(`${done.proposals.length} usulan menunggu persetujuan Camat atau evaluator: gerbang proposal list`);
    },
  ),
  'activation-code': atTheMachine(
    'A new activation code, at the machine itself: gerbang activation-code --username x --reason "..."',
    async (args) => {
      const { values } = parseArgs({
        args,
        options: { username: { type: 'string' }, reason: { type: 'string' } },
      });
      const { username, reason } = values;
      if (!username || !reason) throw new UsageError('gerbang activation-code --username <nama> --reason "<alasan>"');
      const { giveActivationCode } = await import('../provisioning/first-people.js');
      sayCode(await here((installation) => giveActivationCode(installation, username, reason)));
    },
  ),
  'data-balikan stop': switchCommand('data-balikan stop', false),
  'data-balikan resume': switchCommand('data-balikan resume', true),
  ...verifierCommands(),
};

/** The kill switch: it works even where nobody can log in. */
function switchCommand(name: string, sending: boolean): LocalCommand {
  const summary = `${sending ? 'Let data balikan be sent again' : 'Stop all sending of data balikan, of every institution'}, at the machine itself: gerbang ${name} --reason "..."`;
  return atTheMachine(summary, async (args) => {
    const { values } = parseArgs({ args, options: { reason: { type: 'string' } } });
    const { reason } = values;
    if (!reason) throw new UsageError(`gerbang ${name} --reason "<alasan>"`);
    const { switchDataBalikan } = await import('../provisioning/data-balikan-switch.js');
    await here((installation) => switchDataBalikan(installation, sending, reason));
    say(sending ? 'Pengiriman data balikan dilanjutkan.' : 'Semua pengiriman data balikan berhenti dalam 5 detik.');
  });
}

function sayCode({ role, username, activationCode, expiresAt }: FirstCode): void {
  say(`Kode aktivasi ${role} ${username}: ${activationCode}`);
  say(
    `  berlaku sampai ${expiresAt}; serahkan langsung kepada orangnya: gerbang account activate --username ${username}`,
  );
}

class UsageError extends Error {}

async function readInstitution(path: string): Promise<InstitutionFile> {
  const parsed = InstitutionFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path: at, message }) => ({ path: at.join('.'), message }));
  throw new AppError('REQUEST_INVALID', { issues });
}

const withoutEnvironment = [
  'Perintah ini memakai pengaturan gateway sendiri (GATEWAY_...): jalankan di mesinnya, dengan docker-compose run --rm gerbang ...',
  'Pada npm start pengaturan itu tidak ada. Di sana pengiriman data balikan dihentikan admin atau Camat untuk lembaganya:',
  '  gerbang data-balikan-destination sending --sending false --reason "..."',
];

/** Exit status 2 for wrong usage, 78 (EX_CONFIG) without the gateway's environment, 1 for a refusal. */
async function told(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    const complain = (text: string) => process.stderr.write(`${text}\n`);
    if (error instanceof AppError) {
      complain(`${error.code}: ${error.definition.detail}`);
      for (const { path, message } of error.extras.issues ?? []) complain(`  ${path ? `${path}: ` : ''}${message}`);
      return 1;
    }
    complain(error instanceof Error ? error.message : 'Kesalahan tidak dikenal.');
    if (error instanceof ConfigError) {
      for (const line of withoutEnvironment) complain(line);
      return 78;
    }
    return error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  }
}
