import { describe, expect, test } from '@jest/globals';
import { checkNewPassword } from './password-rules.js';

const username = 'siti.loket1';

describe('are taken', () => {
  test.each([
    ['several words', 'kuda baterai staples benar'],
    ['other words', 'gerobak hijau mendaki bukit'],
    ['random letters', 'x7Kq!mPz2$wB'],
    ['twelve letters', 'hujanmejabir'],
    ['one common word among others', 'gerbang besi tua di pinggir kali'],
    ['the name among others', 'siti menanam lima pohon jambu'],
    ['letters beyond ASCII', 'ꦲꦏ꧀ꦱꦫꦗꦮꦶꦭꦩꦠꦤ꧀'],
    ['128 letters', 'kuda baterai staples benar '.repeat(5).slice(0, 128)],
  ])('%s', (_what, password) => expect(() => checkNewPassword(password, username, 'password')).not.toThrow());
});

describe('are refused', () => {
  test.each([
    ['eleven letters', 'hujanmejabi'],
    ['twelve of which NFKC makes fewer', `${'e\u0301'.repeat(6)}`],
    ['129 letters', 'kuda baterai staples benar '.repeat(5).slice(0, 129)],
    ['128 of which NFKC makes more', 'ﷺkuda baterai'.repeat(9)],
    ['one letter', 'aaaaaaaaaaaaaaaa'],
    ['two letters', 'ababababababab'],
    ['a short pattern', 'a1!a1!a1!a1!a1!'],
    ['digits in order', '123456789012'],
    ['digits backwards', '0987654321098'],
    ['the alphabet', 'abcdefghijklmnop'],
    ['a row of the keyboard', 'qwertyuiopasdf'],
    ['columns of the keyboard', '1qaz2wsx3edc4rfv'],
    ['two sequences', 'abcdef123456'],
    ['a common word and a year', 'indonesia1945'],
    ['a common word twice', 'passwordPassword'],
    ['a common word in digits', 'P4ssw0rd!2026'],
    ['full-width letters', 'ｐａｓｓｗｏｒｄ２０２６'],
    ['two common words', 'rahasia-sayang-1'],
    ['the password of everybody', 'bismillah 123'],
    ['the product', 'Gerbang.2026!'],
    ['the office', 'kecamatan-2026-jaya'],
    ['product and office', 'gerbangkecamatan'],
    ['the name', 'siti.loket1.2026'],
    ['the name without its point', 'Loket1-Siti-17'],
    ['the name twice', 'sitiloket1sitiloket1'],
  ])('%s: %s', (_what, password) => {
    try {
      checkNewPassword(password, username, 'password');
    } catch (error) {
      expect(error).toMatchObject({ code: 'PASSWORD_UNSUITABLE', extras: { issues: [{ path: 'password' }] } });
      // what was typed is told to nobody
      expect(JSON.stringify(error)).not.toContain(password);
      return;
    }
    throw new Error('was taken');
  });
});
