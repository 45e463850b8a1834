import type { KeptAnswer } from '../drive/answers.js';
import { answersPlace } from '../planting/plant.js';
import { findingsOf } from './finding.js';
import type { Matcher } from './matcher.js';
import type { SearchedPlace } from './place-search.js';
import { StreamSearch } from './stream-search.js';

/** Answers that are not the look-up's own: errors, lists, figures, letters. Whoever gets them may keep them. */
export function searchAnswers(answers: readonly KeptAnswer[], matcher: Matcher): SearchedPlace {
  const empty = { names: 0, vanished: 0, foreign: 0, unread: [] };
  const result: SearchedPlace = { name: answersPlace, files: 0, bytes: 0, ...empty, findings: [] };
  for (const { where, text } of answers) {
    const search = new StreamSearch(matcher);
    search.push(Buffer.from(text));
    result.files += 1;
    result.bytes += search.bytes;
    result.findings.push(...findingsOf(search.finds, matcher.patterns, answersPlace, where));
  }
  return result;
}
