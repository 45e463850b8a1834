export { clockText, dayInWords, dayOf, dayText, timeText } from './dates.js';
export { numberWords } from './number-words.js';
export { Sheet, type Column } from './sheet.js';
