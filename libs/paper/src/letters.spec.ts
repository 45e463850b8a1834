import { expect, test } from '@jest/globals';
import { winAnsi, wrapText } from './letters.js';

test.each([
  ['Siti “Contoh” – Ñ', 'Siti “Contoh” – Ñ'],
  ['Ṣafā', 'Safa'],
  ['Ibu 王', 'Ibu ?'],
  ['dua\nbaris', 'dua?baris'],
])('letters of %j', (text, shown) => expect(winAnsi(text)).toBe(shown));

test.each([
  ['', ['']],
  ['satu dua tiga', ['satu dua', 'tiga']],
  ['  satu\n\tdua ', ['satu dua']],
  ['a sembilanbelas b', ['a', 'sembilanb', 'elas b']],
  ['PKS/CONTOH/2024', ['PKS/', 'CONTOH/', '2024']],
  ['a/sembilanbelas', ['a/', 'sembilanb', 'elas']],
])('lines of %j', (text, lines) => expect(wrapText(text, ({ length }) => length <= 9)).toEqual(lines));
