import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from './cannot-run.js';
import { allowCoreDumps } from './cores/core-limit.js';
import { openInstallation } from './installation/open.js';
import { help, readOptions, WrongOption, type Options } from './options.js';
import { prove } from './proof.js';
import { renderDocument } from './statement/document.js';
import { check, openSigningKey, sha256, sign } from './statement/signature.js';
import { exitStatus, type Statement } from './statement/statement.js';

const cannotRun = 3;
/** What must be stopped and taken away whatever happens. */
let cleanUp: (() => Promise<void>) | undefined;

async function run(options: Options): Promise<number> {
  if (options.do === 'help') {
    say(help);
    return 0;
  }
  return options.do === 'verify' ? verify(options) : proveAndState(options);
}

/** `npm run proof:retention` */
async function proveAndState(options: Extract<Options, { do: 'prove' }>): Promise<number> {
  const key = await openSigningKey(options.signingKeyFile);
  const coreDumpsPossible = allowCoreDumps();
  const begun = new Date();
  const folder = await mkdtemp(join(tmpdir(), 'gerbang-proof-'));
  cleanUp = () => rm(folder, { recursive: true, force: true });
  const installation = openInstallation(options.compose, folder, begun);
  cleanUp = async () => {
    await installation.stop();
    if (!options.keep) await installation.remove();
    else say(`Left: ${folder}`);
  };
  tell('start');
  await installation.start();
  const { scale, rehearse } = options;
  const statement = await prove(installation, begun, { scale, rehearse, folder, coreDumpsPossible, say: tell });
  await save(statement, key, options.out);
  say(`\n${statement.verdict}: ${summary(statement)}`);
  for (const reason of statement.reasons.slice(0, 40)) say(`  ${reason}`);
  if (statement.reasons.length > 40) say(`  and ${statement.reasons.length - 40} more`);
  return exitStatus[statement.verdict];
}

async function save(statement: Statement, key: Awaited<ReturnType<typeof openSigningKey>>, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const text = `${JSON.stringify(statement, null, 2)}\n`;
  const hash = sha256(text);
  const document = await renderDocument(statement, { sha256: hash, ...key });
  const { verdict, endedAt: at } = statement;
  const signature = await sign({ statement: hash, document: sha256(document), verdict, at }, key);
  await writeFile(join(out, 'statement.json'), text);
  await writeFile(join(out, 'statement.pdf'), document);
  await writeFile(join(out, 'statement.jws'), `${signature}\n`);
  say(`\nStatement: ${join(out, 'statement.json')}, .pdf and .jws, signed by ${key.thumbprint}`);
}

const summary = ({ search, planted, paths, canaries }: Statement): string =>
  `${paths.length} paths, ${canaries.count} canaries, ${search.patterns} patterns, ${search.files} files and tables, ` +
  `${(search.bytes / 1e6).toFixed(1)} MB; ${planted.found} of ${planted.expected} planted ones found`;

async function verify({ statement, publicKey }: Extract<Options, { do: 'verify' }>): Promise<number> {
  const beside = (ending: string) => statement.replace(/\.json$/, ending);
  const checked = await check(
    {
      statement: await readFile(statement),
      document: await readFile(beside('.pdf')).catch(() => undefined),
      signature: await readFile(beside('.jws'), 'utf8'),
    },
    publicKey === undefined ? undefined : await readFile(publicKey, 'utf8'),
  );
  if (checked.genuine) say(`Genuine, signed by ${checked.thumbprint}: ${checked.verdict}`);
  else say(`Not genuine: ${checked.faults.join('; ')}`);
  return checked.genuine ? 0 : 1;
}

const tell = (what: string): void => say(`${new Date().toISOString().slice(11, 19)}  ${what}`);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What somebody can mend is told in one line; anything else with where it happened. */
function explain(error: unknown): string {
  if (error instanceof CannotRun || !(error instanceof Error)) return String((error as Error).message);
  return error.stack ?? error.message;
}

/** Once, whoever asks first. */
let cleaned: Promise<void> | undefined;
const cleanOnce = (): Promise<void> => (cleaned ??= Promise.resolve(cleanUp?.()).catch(() => undefined));

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanOnce().finally(() => process.exit(cannotRun)));
try {
  process.exitCode = await run(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  const told = error instanceof WrongOption ? `${error.message}\n\n${help}` : explain(error);
  process.stderr.write(`The proof could not be run: ${told}\n`);
  process.exitCode = cannotRun;
} finally {
  await cleanOnce();
}
