import { leastPasswordLength } from '#contracts';
import { AppError } from '#service';
import { commonStems } from './common-passwords.js';
import { normalised } from './passwords.js';

const mostLetters = 128;
/** Below so many different letters it is one thing repeated. */
const leastDifferent = 5;
/** From this share of neighbours on it is a sequence. */
const mostlySequence = 0.7;

const rows = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const columns = '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p';

/** Digits and signs that are written for letters. */
const spelledWith: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

/**
 * NIST SP 800-63B 5.1.1.2: long, and none of those that are tried first; no rules of composition.
 *
 * @param path of the field that holds the password
 * @throws {AppError} PASSWORD_UNSUITABLE with one issue in Indonesian
 */
export function checkNewPassword(password: string, username: string, path: string): void {
  const message = findFault(normalised(password).toLowerCase(), username);
  if (message !== undefined) throw new AppError('PASSWORD_UNSUITABLE', { issues: [{ path, message }] });
}

function findFault(password: string, username: string): string | undefined {
  const letters = Array.from(password);
  if (letters.length < leastPasswordLength) return `Kata sandi sedikitnya ${leastPasswordLength} huruf.`;
  if (letters.length > mostLetters) return `Kata sandi paling panjang ${mostLetters} huruf.`;
  if (new Set(letters).size < leastDifferent) return 'Kata sandi ini hanya mengulang beberapa huruf.';
  if (isSequence(letters)) return 'Kata sandi ini hanya urutan huruf atau angka.';
  if (consistsOf(password, username.split(/[^\p{L}\p{N}]+/u).concat(username)))
    return 'Kata sandi ini terutama terdiri atas nama pengguna.';
  if (consistsOf(password, commonStems)) return 'Kata sandi ini termasuk yang paling sering dipakai.';
  return undefined;
}

/** Neighbours of the alphabet, the digits or the keyboard, forwards or backwards. */
function isSequence(letters: readonly string[]): boolean {
  const follows = (a: string, b: string) =>
    [...rows, columns].some((row) => row.includes(a + b) || row.includes(b + a)) || a === b;
  const steps = letters.slice(1).filter((letter, index) => follows(letters[index] ?? '', letter)).length;
  return steps >= (letters.length - 1) * mostlySequence;
}

/** Whether these words are at least half of it, plainly or with signs for letters. */
function consistsOf(password: string, words: readonly string[]): boolean {
  const plain = compact(password);
  const spelled = compact(Array.from(password, (letter) => spelledWith[letter] ?? letter).join(''));
  const parts = words.map(compact).filter((word) => word.length >= 4);
  return [plain, spelled].some((text) => {
    // the longest first, so that none takes a piece out of another
    const rest = parts.sort((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ''), text);
    return rest.length * 2 <= text.length;
  });
}

const compact = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
