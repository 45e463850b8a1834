import { describe, expect, test } from '@jest/globals';
import { cardElementNames, type CardElements, type ReadOutcome, type VerificationResult } from '#contracts';
import { AppError } from '#service';
import { answerOf, compare } from './read-answer.js';

const card: CardElements = {
  nik: '3399014107909901',
  namaLengkap: 'BUDI CONTOH',
  tanggalLahir: '1985-08-31',
  alamat: 'JL CONTOH NO 1',
};

test('blanks and case are no difference; what neither has is not told', () => {
  const register = { ...card, namaLengkap: ' Budi  Contoh', alamat: null, jenisPekerjaan: 'GURU', tempatLahir: null };
  expect(compare(card, register, cardElementNames)).toEqual({
    nik: true,
    namaLengkap: true,
    tanggalLahir: true,
    alamat: false,
    jenisPekerjaan: false,
  });
});

test('a birth date that neither tells has not been compared', () => {
  const nobody = { nik: card.nik ?? null, tanggalLahir: null };
  expect(compare(nobody, nobody, ['nik', 'tanggalLahir'])).toEqual({ nik: true, tanggalLahir: false });
});

describe('looked up: the level', () => {
  const answer = (comparison: Record<string, boolean>) => {
    const verification = { outcome: 'FOUND' } as VerificationResult;
    return answerOf('id', { outcome: 'MATCHED', tries: 0, elements: card }, cardElementNames, {
      verification,
      comparison,
    });
  };
  const same = { nik: true, namaLengkap: true, tanggalLahir: true };

  test('is the register’s only when NIK, name and birth date agree', () => {
    expect(answer(same)).toMatchObject({ level: 'register-verified', comparison: same });
    expect(answer({ nik: true })).toMatchObject({ level: 'register-verified' });
    expect(answer({ ...same, alamat: false })).toMatchObject({
      level: 'register-verified',
      detail: expect.stringContaining('berbeda: alamat.'),
    });
  });

  test.each([
    ['nik', 'NIK'],
    ['namaLengkap', 'nama lengkap'],
    ['tanggalLahir', 'tanggal lahir'],
  ])('stays the card’s when %s differs, and that is said', (name, label) => {
    expect(answer({ ...same, [name]: false })).toMatchObject({
      level: 'card-verified',
      detail: expect.stringContaining(`berbeda: ${label}.`),
    });
  });

  test('is pending where the register could not be asked, and nobody without a match is', () => {
    const problem = { problem: new AppError('UPSTREAM_UNAVAILABLE') };
    const ended = (outcome: ReadOutcome) => answerOf('id', { outcome, tries: 0 }, cardElementNames, problem);
    expect(ended('MATCHED')).toMatchObject({
      level: 'pending',
      verificationProblem: { code: 'UPSTREAM_UNAVAILABLE' },
      detail: expect.stringContaining('tertunda'),
    });
    expect(ended('NOT_MATCHED')).toMatchObject({ level: null });
  });

  test('stays the card’s when nothing was compared', () => {
    expect(answer({})).toMatchObject({ level: 'card-verified' });
  });
});
