// Writes what is made from the contracts and reviewed as text: docs/openapi.json, docs/errors.md and docs/roles.md.
// With --check it writes nothing and fails when one of them is not up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { errors, errorCodes } from '../dist/libs/contracts/src/index.js';
import { makeOpenApi } from '../dist/apps/gateway/src/openapi/openapi.js';
import { apiVersion } from '../dist/apps/gateway/src/start.js';
import { rolesPage } from './roles-page.mjs';

const files = {
  'docs/openapi.json': `${JSON.stringify(makeOpenApi(apiVersion), null, 2)}\n`,
  'docs/errors.md': errorsPage(),
  'docs/roles.md': rolesPage(),
};

const stale = [];
for (const [path, content] of Object.entries(files)) {
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === content) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) await writeFile(path, content);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run "npm run generate" and commit.`);
  process.exit(1);
}

function errorsPage() {
  const rows = errorCodes.map((code) => {
    const { status, title, detail, retryable } = errors[code];
    return `| \`${code}\` | ${status} | ${title} | ${detail} | ${retryable ? 'yes' : 'no'} |`;
  });
  return [
    '# Errors',
    '',
    'Made from `libs/contracts/src/errors.ts` by `npm run generate`. The table is closed: anything else is `INTERNAL_ERROR`.',
    'Answers are RFC 9457 `application/problem+json`; at `/oauth/token` they are RFC 6749 5.2 with the same members beside.',
    '',
    '| code | HTTP | meaning | what the counter reads | may be repeated as it is |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
