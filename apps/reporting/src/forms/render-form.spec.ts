import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { canonicalJson } from '#evidence';
import { ReportContent, reportForms } from '#contracts';
import { renderForm } from './render-form.js';
import { makeReportContent } from './report-content-fixture.js';
import { makeForm } from './template/template-fixture.js';

const content = makeReportContent();
const contentHash = createHash('sha256').update(canonicalJson(content)).digest('hex');

test('JSON is the content as it was hashed: sha256sum of the file is the hash on the paper', async () => {
  const { bytes, fileName } = await renderForm('JSON', { content, contentHash, state: 'APPROVED' });
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(contentHash);
  expect(ReportContent.parse(JSON.parse(bytes.toString()))).toEqual(content);
  expect(fileName).toBe('laporan-33.98.01-2026-1.json');
});

test('every form is the same bytes for the same report, whatever the time and the time zone', async () => {
  const template = { bytes: await makeForm(), cells: { hit: 'tahun' } };
  const zone = process.env.TZ;
  try {
    for (const form of reportForms) {
      process.env.TZ = 'Asia/Jakarta';
      const first = await renderForm(form, { content, contentHash, state: 'APPROVED', template });
      process.env.TZ = 'America/Los_Angeles';
      const again = await renderForm(form, {
        content: structuredClone(content),
        contentHash,
        state: 'APPROVED',
        template,
      });
      expect({ form, same: again.bytes.equals(first.bytes), name: again.fileName }).toEqual({
        form,
        same: true,
        name: first.fileName,
      });
    }
  } finally {
    process.env.TZ = zone;
  }
});

test('names of files say what they are', async () => {
  const name = async (overrides: Partial<ReportContent>) =>
    (await renderForm('CSV', { content: makeReportContent(overrides), contentHash, state: 'DRAFTED' })).fileName;
  expect(await name({ version: 2 })).toBe('laporan-33.98.01-2026-1-v2.csv');
  expect(await name({ type: 'SUPPLEMENT' })).toBe('suplemen-33.98.01-2026-1.csv');
  expect(await name({ period: { kind: 'OTHER', from: '2026-03-01', until: '2026-03-31' } })).toBe(
    'laporan-33.98.01-2026-03-01_2026-03-31.csv',
  );
});
