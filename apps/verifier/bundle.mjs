// Makes of the compiled verifier what an evaluator takes away: one program and one page, each a single file that needs nothing else.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const compiled = 'dist/apps/verifier/src';
const source = 'apps/verifier/src';
const target = 'dist/verifier';

export async function bundleVerifier() {
  mkdirSync(target, { recursive: true });
  const program = `${target}/gerbang-verify.mjs`;
  await build({
    entryPoints: [`${compiled}/node.js`],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    legalComments: 'inline',
  });
  chmodSync(program, 0o755);
  writeFileSync(`${target}/gerbang-verify.html`, await page());
}

/** Script and style stand in the page, and only they may run: the policy names their hashes and allows nothing else. */
async function page() {
  const { outputFiles } = await build({
    entryPoints: [`${compiled}/page.js`],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    // the last browsers of Windows 7 and 8
    target: ['chrome109', 'firefox115', 'safari15'],
    legalComments: 'inline',
  });
  // an inlined script must not hold what ends it
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const style = readFileSync(`${source}/page.css`, 'utf8');
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  return [
    [`default-src 'self'`, policy],
    ['<link rel="stylesheet" href="page.css" />', `<style>${style}</style>`],
    ['<script src="page.js"></script>', `<script>${script}</script>`],
  ].reduce(replaceOnce, readFileSync(`${source}/page.html`, 'utf8'));
}

function replaceOnce(text, [from, to]) {
  if (text.split(from).length !== 2) throw new Error(`page.html does not hold ${from} once`);
  return text.replace(from, () => to);
}

function hash(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleVerifier();
