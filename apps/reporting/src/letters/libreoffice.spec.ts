import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { letterKinds } from '#contracts';
import { renderLetter } from './compose-letter.js';
import { exampleLetters, makeLetterFacts } from './letter-fixture.js';

/** Letters need Writer, which is a package of its own (libreoffice-writer-nogui); .ci/run installs it where it can. */
const soffice = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'soffice'))
  .find(existsSync);
const isThere = soffice !== undefined && existsSync(join(dirname(realpathSync(soffice)), 'libswlo.so'));
const withWriter = isThere ? test : test.skip;
const why = isThere ? '' : ' (skipped: soffice with Writer is not on the PATH)';
const convertMs = 120_000;

withWriter(
  `LibreOffice opens every letter and prints it on A4${why}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-letters-'));
    const paths: string[] = [];
    for (const kind of letterKinds) {
      const path = join(folder, `${kind}.docx`);
      await writeFile(path, await renderLetter(exampleLetters[kind], makeLetterFacts(), new Date(0)));
      paths.push(path);
    }
    // a profile of its own, so that no other LibreOffice of this user gets in the way
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const args = [profile, '--headless', '--convert-to', 'pdf:writer_pdf_Export', '--outdir', folder, ...paths];
    spawnSync('soffice', args, { stdio: 'ignore', timeout: convertMs });
    for (const path of paths) {
      const pdf = await readFile(path.replace(/docx$/, 'pdf'), 'latin1');
      expect(pdf.slice(0, 5)).toBe('%PDF-');
      const boxes = [...pdf.matchAll(/\/Type\/Page\/[^]*?\/MediaBox\[([^\]]*)\]/g)].map(([, box = '']) =>
        box
          .split(' ')
          .map((side) => Math.round(Number(side)))
          .join(' '),
      );
      expect(boxes.length).toBeGreaterThan(0);
      expect(boxes.filter((box) => box !== '0 0 595 842' && box !== '0 0 842 595')).toEqual([]);
    }
    await rm(folder, { recursive: true, force: true });
  },
  convertMs + 30_000,
);
