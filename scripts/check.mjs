// `npm run check`: types, lint with boundaries and cycles, format, generated files up to date. Two lanes side by side, because the
// linter alone takes as long as all the rest; each tells what it has to say when it is through.
import { spawn } from 'node:child_process';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const lanes = [
  [[npm, 'run', '--silent', 'lint:rules']],
  [
    [npm, 'run', '--silent', 'typecheck'],
    [npm, 'run', '--silent', 'lint:format'],
    [npm, 'run', '--silent', 'build'],
    [process.execPath, 'scripts/generate.mjs', '--check'],
  ],
];

const results = await Promise.all(lanes.map(runLane));
process.exitCode = results.every(Boolean) ? 0 : 1;

/** Every command of a lane, also after one that failed: all faults at once. */
async function runLane(commands) {
  let good = true;
  for (const [command, ...args] of commands) good = (await run(command, args)) && good;
  return good;
}

function run(command, args) {
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => (said += `${error.message}\n`));
    child.once('close', (status) => {
      process.stdout.write(said);
      if (status !== 0) process.stdout.write(`${[command, ...args].join(' ')} failed\n`);
      resolve(status === 0);
    });
  });
}
