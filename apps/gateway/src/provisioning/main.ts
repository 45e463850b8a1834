import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { InstitutionFile } from '#contracts';
import { AppError } from '#service';
import { withInstallation } from './installation.js';
import { provision } from './provision.js';
import { SeedAccounts, seedAccounts } from './seed-accounts.js';
import { SeedReader, seedReader } from './seed-reader.js';

/**
 * `node .../provisioning/main.js <institution.json>... [--accounts <file>] [--reader <file>]`, with the gateway's own environment: everything
 * takes effect without a second person. That is for demo and tests, so it asks for GATEWAY_SEED=true.
 */
try {
  if (process.env.GATEWAY_SEED !== 'true')
    throw new Error(
      'This command skips every approval. It is for demo and tests: set GATEWAY_SEED=true if you mean it.',
    );
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { accounts: { type: 'string' }, reader: { type: 'string' } },
  });
  await withInstallation(process.env, async ({ database, bus, sealing, administration }) => {
    for (const path of positionals) {
      const file = await read(path, InstitutionFile);
      const { institutionId } = await provision(file, database, bus, sealing);
      process.stdout.write(`${JSON.stringify({ msg: 'provisioned', name: file.institution.name, institutionId })}\n`);
    }
    if (values.accounts !== undefined)
      await seedAccounts(database.manager, sealing, await read(values.accounts, SeedAccounts));
    if (values.reader !== undefined) {
      const seeded = await seedReader(administration, database, await read(values.reader, SeedReader));
      process.stdout.write(`${JSON.stringify({ msg: 'reader', ...seeded })}\n`);
    }
  });
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function read<T>(
  path: string,
  schema: {
    safeParse(value: unknown): {
      success: boolean;
      data?: T;
      error?: { issues: { path: PropertyKey[]; message: string }[] };
    };
  },
): Promise<T> {
  const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.data !== undefined) return parsed.data;
  const faults = (parsed.error?.issues ?? []).map((issue) => `  - ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} cannot be used:\n${faults.join('\n')}`);
}

function explain(error: unknown): string {
  if (error instanceof AppError) {
    const faults = (error.extras.issues ?? []).map(({ path, message }) => `\n  - ${path}: ${message}`);
    return `${error.code}: ${error.definition.detail}${faults.join('')}`;
  }
  return error instanceof Error ? error.message : 'unknown error';
}
