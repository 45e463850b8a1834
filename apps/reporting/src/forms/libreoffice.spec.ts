import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fixtureHash, makeReportContent } from './report-content-fixture.js';
import { fillTemplate } from './template/fill-template.js';
import { makeForm } from './template/template-fixture.js';
import { compareWithTables, open } from './xlsx/workbook-fixture.js';
import { renderXlsx } from './xlsx/xlsx-form.js';

/** .ci/run installs it where it can. */
const isThere = spawnSync('soffice', ['--version'], { stdio: 'ignore' }).status === 0;
const withLibreOffice = isThere ? test : test.skip;
const convertMs = 120_000;

withLibreOffice(
  `LibreOffice reads the same figures, and reckons a form anew${isThere ? '' : ' (skipped: soffice is not on the PATH)'}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-report-xlsx-'));
    try {
      const content = makeReportContent();
      const { hits } = content.figures.lookUps.total;
      const cells = { hit: 'figures.lookUps.total.hits', judul: 'periode', di_baris_baru: 'namaCamat' };
      const files = {
        'laporan.xlsx': renderXlsx({ content, contentHash: fixtureHash, state: 'APPROVED' }),
        'formulir.xlsx': fillTemplate(await makeForm(), cells, { content, contentHash: fixtureHash }),
      };
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
      // a profile of its own, so that no other LibreOffice of this user gets in the way
      const args = [`-env:UserInstallation=file://${join(folder, 'profile')}`, '--headless', '--convert-to', 'xlsx'];
      const paths = Object.keys(files).map((name) => join(folder, name));
      const child = spawn('soffice', [...args, '--outdir', join(folder, 'out'), ...paths], {
        stdio: 'ignore',
        timeout: convertMs,
      });
      await once(child, 'close');
      const read = async (name: string) => open(await readFile(join(folder, 'out', name)));
      compareWithTables(await read('laporan.xlsx'), content);
      const sheet = (await read('formulir.xlsx')).getWorksheet('Formulir 1')!;
      expect(sheet.getCell('C4').value).toBe(hits);
      expect(sheet.getCell('C6').result).toBe(hits + 5);
      expect(sheet.getCell('B2').value).toBe('Semester I Tahun 2026');
      expect(sheet.getCell('A20').value).toBe('Camat CONTOH, S.Sos., M.Si.');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  convertMs + 30_000,
);
