import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fixtureHash, makeReportContent } from '../report-content-fixture.js';
import { renderReportPdf } from './report-pdf.js';

const isThere = spawnSync('pdftoppm', ['-v'], { stdio: 'ignore' }).status === 0;
const withPoppler = isThere ? test : test.skip;

withPoppler(
  `another program shows every page and reads its text${isThere ? '' : ' (skipped: pdftoppm is not on the PATH)'}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gerbang-report-pdf-'));
    try {
      const path = join(folder, 'laporan.pdf');
      await writeFile(
        path,
        await renderReportPdf({ content: makeReportContent(), contentHash: fixtureHash, state: 'DRAFTED' }),
      );
      const text = spawnSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8', timeout: 30_000 }).stdout;
      expect(text).toMatch(/Surat keterangan usaha +31\.188 +51,9 % +200/);
      spawnSync('pdftoppm', ['-gray', '-r', '30', path, join(folder, 'halaman')], { timeout: 30_000 });
      const images = (await readdir(folder)).filter((name) => name.endsWith('.pgm'));
      expect(images).toHaveLength(text.split('\f').length - 1);
      for (const name of images) {
        const image = await readFile(join(folder, name));
        const pixels = image.subarray(image.indexOf('255\n') + 4);
        const dark = pixels.filter((pixel) => pixel < 200).length;
        // lines and letters on every page, and mostly paper
        expect(dark / pixels.length).toBeGreaterThan(0.01);
        expect(dark / pixels.length).toBeLessThan(0.4);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
