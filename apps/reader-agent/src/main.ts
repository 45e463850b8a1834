#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { readArguments, usage, type Command } from './arguments.js';
import { SettingsError } from './config.js';
import { Refused } from './commands/refused.js';
import { NotJoined } from './state/identity.js';
import { StateLocked } from './state/lock.js';
import { isDiskError, StateFolder } from './state/state-folder.js';
import { version } from './version.js';

// the young heap stays small: an agent does little, and 16 MB more for garbage are a fifth of what it may use
setFlagsFromString('--semi-space-growth-factor=1');

const say = (text: string) => process.stdout.write(`${text}\n`);

async function perform(command: Command): Promise<number> {
  switch (command.name) {
    case 'join': {
      const { join } = await import('./commands/join.js');
      say(await join(new StateFolder(command.state), command.code, command.url));
      return 0;
    }
    case 'run': {
      const { run } = await import('./commands/run.js');
      return run(new StateFolder(command.state));
    }
    case 'check': {
      const { check } = await import('./commands/check.js');
      return check(new StateFolder(command.state), { card: command.card ?? false, say });
    }
    case 'version':
      say(version);
      return 0;
    case 'help':
      say(usage);
      return 0;
  }
}

/** What a person at the PC can do something about, and the exit status (sysexits). */
function explain(error: unknown): [string, number] {
  if (error instanceof Refused) return [error.message, 1];
  if (error instanceof SettingsError)
    return [
      `Pengaturan belum dapat dipakai. Perbaiki agent.json:\n${error.faults.map((fault) => `  - ${fault}`).join('\n')}`,
      78,
    ];
  if (error instanceof NotJoined)
    return [
      'Komputer ini belum terdaftar. Minta kode ke admin, lalu jalankan "reader-agent join <kode> --url <alamat>".',
      78,
    ];
  if (error instanceof StateLocked)
    return ['reader-agent lain sedang berjalan dengan folder ini. Hentikan dulu layanan itu, lalu ulangi.', 75];
  if (isDiskError(error) && error.code === 'ENOSPC')
    return ['Cakram penuh. Hapus berkas yang tidak perlu, lalu ulangi.', 74];
  if (isDiskError(error))
    return [
      `${error.path ?? 'Folder reader-agent'} tidak dapat dibaca atau ditulis (${error.code}). Jalankan sebagai pengguna layanan (Linux: "sudo -u reader-agent ...") dan periksa hak folder itu, lalu ulangi.`,
      77,
    ];
  if (error instanceof TypeError) return [`Perintah tidak dikenal.\n${usage}`, 64];
  return [`Galat ${error instanceof Error ? error.name : 'tak dikenal'}. Kirim log ke admin.`, 70];
}

try {
  process.exitCode = await perform(readArguments(process.argv.slice(2), process.env));
} catch (error) {
  const [text, status] = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
}
// a driver's thread that hangs does not keep the process alive
process.exit();
