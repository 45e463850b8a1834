import { expect, test } from '@jest/globals';
import { verificationModes } from './actor.js';
import { elementNames } from './elements.js';
import { errorCodes } from './errors.js';
import { paten, patenServices } from './purpose.js';
import { exceptionDecisions, exceptionReasons } from './readers/reads.js';
import { readOutcomes } from './readers/result.js';
import { incidentKinds } from './reporting/figures.js';
import { RegisterAgreement, RegisterReader, RegisterSam } from './reporting/register.js';
import { outcomes } from './verification.js';
import * as words from './words.js';

test.each([
  ['elements', words.elementWords, elementNames],
  ['modes', words.modeWords, verificationModes],
  ['services', paten, patenServices],
  ['outcomes', words.outcomeWords, outcomes],
  ['errors', words.errorWords, errorCodes],
  ['reads', words.readOutcomeWords, readOutcomes],
  ['reasons of exceptions', words.exceptionReasonWords, exceptionReasons],
  ['decisions', words.exceptionDecisionWords, exceptionDecisions],
  ['incidents', words.incidentWords, incidentKinds],
  ['agreements', words.agreementStateWords, RegisterAgreement.shape.state.options],
  ['readers', words.readerStateWords, RegisterReader.shape.state.options],
  ['SAMs', words.samStateWords, RegisterSam.shape.state.options],
  ['answers to data balikan', words.balikanReceiptWords, words.balikanReceipts],
])('every code of %s has words of its own', (_, known: Readonly<Record<string, string>>, codes) => {
  expect(Object.keys(known).sort()).toEqual([...codes].sort());
  const all = Object.values(known);
  expect(new Set(all).size).toBe(all.length);
  for (const said of all) expect(said).not.toMatch(/[A-Z]+_[A-Z]|^\s|\s$|\.$/);
});

test('how a look-up ended and why it came to nothing are told apart', () => {
  const all = [...Object.values(words.outcomeWords), ...Object.values(words.errorWords)];
  expect(new Set(all).size).toBe(all.length);
});

test('a code that is newer than the words is shown as it is', () => {
  expect(words.wordsOf(words.outcomeWords, 'FOUND')).toBe('Ditemukan');
  expect(words.wordsOf(words.outcomeWords, 'constructor')).toBe('constructor');
});
