export { type BarChart, type ColumnChart } from './charts.js';
export { clockText, dayInWords, dayOf, dayText, monthText, timeText } from './dates.js';
export { numberWords } from './number-words.js';
export { durationText, numberText, percentText } from './numbers.js';
export { Sheet } from './sheet.js';
export { type Column } from './table.js';
