import { expect, test } from '@jest/globals';
import { OfficeLog, opening } from '../../test/office-log.js';
import { verified } from '../../test/verifying.js';
import { describeReport, verdict } from './describe-report.js';

const log = new OfficeLog();
for (let number = 0; number < 150; number++) log.add(log.access('REFUSED', opening + number, `${number}`));
log.sign(opening + 200);
const keys = [log.verifierKey];

test('many findings are counted, and the first ones told', () => {
  const bundle = log.bundle();
  bundle.events.forEach((line) => (line.leaf.client = 'lain'));
  const report = verified(bundle, { keys });
  expect(report).toMatchObject({ findingCount: 150, findingsByName: { EVENT_CHANGED: 150 } });
  expect(report.findings.length).toBe(100);
  expect(describeReport(report)).toContain('EVENT_CHANGED (150)\n  - Isi peristiwa nomor 0 sudah diubah');
  expect(describeReport(report)).toContain('  … dan 50 lagi\n');
  expect(describeReport(report, 'en')).toContain('  … and 50 more\n');
  expect(verdict(report)).toBe('HASIL: TIDAK UTUH. Ditemukan 150 masalah.');
});

test('a name of every kind is among those told', () => {
  const bundle = log.bundle();
  bundle.events.forEach((line) => (line.leaf.client = 'lain'));
  bundle.closing.checkpoints = 9;
  expect(describeReport(verified(bundle, { keys }))).toContain('CHECKPOINT_MISSING (1)');
});

test('what a stranger wrote cannot write over the screen', () => {
  const bundle = log.bundle();
  Object.assign(bundle.header.institution, { name: `Kecamatan\u001b[2J\u202e${'x'.repeat(500)}` });
  const text = describeReport(verified(bundle, { keys }), 'en');

  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(text).toMatch(/^Institution {3}: Kecamatan \[2J x{100,110}… \(0198/m);
  expect(text).toContain('RESULT: INTACT.');
});

test('a file that is none is told without what is not known', () => {
  expect(describeReport(verified('x', { keys }))).toBe(
    'PEMERIKSAAN BUKTI AKSES DATA KEPENDUDUKAN\n\n\nHASIL: TIDAK UTUH. Ditemukan 1 masalah.\n\n' +
      'BUNDLE_MALFORMED (1)\n  - Baris 1: ini bukan berkas bukti\n',
  );
});
