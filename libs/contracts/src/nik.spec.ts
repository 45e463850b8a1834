import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  findNikBirth,
  holdsNik,
  nikFaultCodes,
  nikMessages,
  nikWarningCodes,
  readNik,
  type NikWarningCode,
} from './nik.js';

const provinces = (
  '11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65 ' +
  '71 72 73 74 75 76 81 82 91 92 93 94 95 96'
).split(' ');

const two = (value: number): string => String(value).padStart(2, '0');
const warningsOf = (typed: string): NikWarningCode[] | string => {
  const reading = readNik(typed);
  return reading.ok ? reading.warnings : reading.fault;
};

describe('the table of the domain', () => {
  test.each([
    ['3313044107909901', [], { sex: 'PEREMPUAN', date: '1990-07-01' }],
    ['3313043108859903', [], { sex: 'LAKI-LAKI', date: '1985-08-31' }],
    ['3313042902009904', [], { sex: 'LAKI-LAKI', date: '2000-02-29' }],
    ['3313042902019905', ['DATE_IMPOSSIBLE'], undefined],
    ['3313047102999906', ['DATE_IMPOSSIBLE'], undefined],
    ['3313040113909907', ['MONTH_IMPOSSIBLE'], undefined],
    ['3313041505900000', ['SERIAL_ZERO'], { sex: 'LAKI-LAKI', date: '1990-05-15' }],
    ['9171017008909903', [], { sex: 'PEREMPUAN', date: '1990-08-30' }],
    ['0013041505909908', ['PROVINCE_UNKNOWN'], { sex: 'LAKI-LAKI', date: '1990-05-15' }],
  ])('%s', (nik, warnings, birth) => {
    expect(readNik(nik)).toEqual({ ok: true, nik, warnings });
    expect(findNikBirth(nik, '2026-11-23')).toEqual(birth);
  });

  test.each([
    ['331304410790990', 'NIK_LENGTH'],
    ['3313O44107909901', 'NIK_CHARACTER'],
  ])('%s is refused', (typed, fault) => expect(readNik(typed)).toEqual({ ok: false, fault }));
});

describe('what is typed', () => {
  test.each([
    '33.1304.410790.9901',
    '3313-0441-0790-9901',
    ' 3313 0441 0790 9901 ',
    '3313\t044107909901\n',
    '3-3.1 3044107909901',
  ])('blanks, dots and dashes are dropped from %j', (typed) =>
    expect(readNik(typed)).toMatchObject({ ok: true, nik: '3313044107909901' }),
  );

  test.each([
    ['', 'NIK_LENGTH'],
    [' .-', 'NIK_LENGTH'],
    ['33130441079099011', 'NIK_LENGTH'],
    ['331304410790990l', 'NIK_CHARACTER'],
    ['3313044107909901A', 'NIK_CHARACTER'],
    ['NIK 3313044107909901', 'NIK_CHARACTER'],
    ['3313/044107909901', 'NIK_CHARACTER'],
    ['3313,044107909901', 'NIK_CHARACTER'],
    ['+3313044107909901', 'NIK_CHARACTER'],
    ['3.313044107909901e15', 'NIK_CHARACTER'],
    ['٣٣١٣٠٤٤١٠٧٩٠٩٩٠١', 'NIK_CHARACTER'],
    ['３３１３０４４１０７９０９９０１', 'NIK_CHARACTER'],
  ])('%j is refused: %s', (typed, fault) => expect(readNik(typed)).toEqual({ ok: false, fault }));

  test.each([...'0123456789'])('sixteen times %s is refused', (digit) =>
    expect(readNik(digit.repeat(16))).toEqual({ ok: false, fault: 'NIK_ONE_DIGIT' }),
  );

  test('a letter is never stripped, wherever it is', () => {
    const letter = fc
      .string({ minLength: 1, maxLength: 1, unit: 'grapheme' })
      .filter((one) => !/^[\d\s.-]*$/.test(one));
    fc.assert(
      fc.property(letter, fc.nat(16), (one, at) => {
        const typed = `${'3313044107909901'.slice(0, at)}${one}${'3313044107909901'.slice(at)}`;
        expect(readNik(typed)).toEqual({ ok: false, fault: 'NIK_CHARACTER' });
      }),
    );
  });

  test('sixteen digits stay as they are, also above 2^53', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(
        digits.filter((all) => new Set(all).size > 1),
        (all) => {
          const reading = readNik(all.join(''));
          expect(reading).toMatchObject({ ok: true, nik: all.join('') });
        },
      ),
    );
  });
});

describe('soft warnings', () => {
  test('none for a calendar date, a serial and a known province', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    const region = fc.tuple(fc.constantFrom(...provinces), fc.nat(9_999));
    fc.assert(
      fc.property(
        day,
        region,
        fc.integer({ min: 9_900, max: 9_999 }),
        fc.boolean(),
        (date, [province, rest], serial, woman) => {
          const field = date.getUTCDate() + (woman ? 40 : 0);
          const birth = `${two(field)}${two(date.getUTCMonth() + 1)}${two(date.getUTCFullYear() % 100)}`;
          const nik = `${province}${String(rest).padStart(4, '0')}${birth}${serial}`;
          expect(warningsOf(nik)).toEqual([]);
          expect(findNikBirth(nik, '2099-12-31')).toEqual({
            sex: woman ? 'PEREMPUAN' : 'LAKI-LAKI',
            // the latest century in which the day exists: 29 February 1900 does not, so '00 is always 2000
            date: `20${date.toISOString().slice(2, 10)}`.replace(/^20(\d\d-02-29)$/, (found) =>
              Number.isNaN(Date.parse(found)) ? found.replace(/^20/, '19') : found,
            ),
          });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('exactly these province codes are known', () => {
    const known = Array.from({ length: 100 }, (_, code) => two(code)).filter(
      (code) => !warningsOf(`${code}13041505909901`).includes('PROVINCE_UNKNOWN'),
    );
    expect(known).toEqual(provinces);
    // 38 of today, and 54, which old cards carry
    expect(known).toHaveLength(39);
  });

  test('exactly the days 1 to 31 and 41 to 71 are possible', () => {
    const possible = Array.from({ length: 100 }, (_, day) => day).filter(
      (day) => !warningsOf(`331304${two(day)}01909901`).includes('DAY_IMPOSSIBLE'),
    );
    expect(possible).toEqual([...range(1, 31), ...range(41, 71)]);
  });

  test('exactly the months 1 to 12 are possible', () => {
    const possible = Array.from({ length: 100 }, (_, month) => month).filter(
      (month) => !warningsOf(`33130401${two(month)}909901`).includes('MONTH_IMPOSSIBLE'),
    );
    expect(possible).toEqual(range(1, 12));
  });

  test('29 February is possible in the years that either century makes a leap year', () => {
    const possible = range(0, 99).filter((year) => warningsOf(`3313042902${two(year)}9901`).length === 0);
    expect(possible).toEqual(range(0, 99).filter((year) => year % 4 === 0));
  });

  test('several are told together, in a fixed order', () => {
    expect(warningsOf('0013040013900000')).toEqual([
      'PROVINCE_UNKNOWN',
      'DAY_IMPOSSIBLE',
      'MONTH_IMPOSSIBLE',
      'SERIAL_ZERO',
    ]);
    // an impossible day or month has no date to be told of besides
    expect(warningsOf('3313043202909901')).toEqual(['DAY_IMPOSSIBLE']);
  });
});

describe('findNikBirth', () => {
  test.each([
    ['3313041506269901', '2026-06-15', '2026-06-15'],
    ['3313041606269901', '2026-06-15', '1926-06-16'],
    ['3313040101009901', '2026-06-15', '2000-01-01'],
    ['3313043112999901', '2026-06-15', '1999-12-31'],
    ['3313042902009901', '1999-12-31', undefined],
    ['3313040013909901', '2026-06-15', undefined],
    ['3313047201909901', '2026-06-15', undefined],
  ])('%s on %s: %s', (nik, today, date) => expect(findNikBirth(nik, today)?.date).toBe(date));
});

describe('holdsNik', () => {
  test.each([
    'NIK 3313044107909901.',
    '3313 0441 0790 9901',
    '3313-0441-0790-9901',
    '33.13.04.410790.9901',
    '3313  0441  0790  9901',
    '3313 - 0441 - 0790 - 9901',
    '3313\u20130441\u20130790\u20139901',
    '3313\u200b0441\u200b0790\u200b9901',
    '\uff13\uff13\uff11\uff13\uff10\uff14\uff14\uff11\uff10\uff17\uff19\uff10\uff19\uff19\uff10\uff11',
  ])('finds it in %j', (text) => expect(holdsNik(text)).toBe(true));

  test.each([
    '470/012/PATEN/VI/2026',
    '2026-06-02 s.d. 2026-06-30',
    '0271 495 0123, 0812 3456 7890',
    'Rp1.000.000,00 ½',
  ])('does not take %j for one', (text) => expect(holdsNik(text)).toBe(false));
});

test('every warning and fault has its Indonesian wording, without any digit run', () => {
  expect(Object.keys(nikMessages).sort()).toEqual([...nikWarningCodes, ...nikFaultCodes].sort());
  for (const message of Object.values(nikMessages)) {
    expect(message).toMatch(/NIK.*\.$/);
    expect(message).not.toMatch(/\d{6,}/);
  }
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
