import { expect, test } from '@jest/globals';
import { dayInWords, dayOf, timeText } from './dates.js';

test.each([
  ['2026-11-23', 'hari Senin, tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam (23-11-2026)'],
  ['2027-01-01', 'hari Jumat, tanggal satu bulan Januari tahun dua ribu dua puluh tujuh (01-01-2027)'],
  [
    '2028-02-29',
    'hari Selasa, tanggal dua puluh sembilan bulan Februari tahun dua ribu dua puluh delapan (29-02-2028)',
  ],
])('%s in words', (day, words) => expect(dayInWords(day)).toBe(words));

test('a day begins in Jakarta', () => {
  expect(dayOf(new Date('2026-12-31T16:59:59Z'))).toBe('2026-12-31');
  expect(dayOf(new Date('2026-12-31T17:00:00Z'))).toBe('2027-01-01');
  expect(timeText(new Date('2026-12-31T17:00:00Z'))).toBe('1 Januari 2027 pukul 00.00 WIB');
});
