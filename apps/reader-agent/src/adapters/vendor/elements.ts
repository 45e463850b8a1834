import { parse } from 'csv-parse/sync';
import type { CardElements } from '#contracts/readers/result';
import type { VendorConfig } from './config.js';

/** What the program gives, as elements of the contract; what the settings do not name goes no further. */
export function toElements(data: Record<string, unknown>, config: VendorConfig): CardElements {
  const record = config.csvRecord === undefined ? [] : columnsOf(data[config.csvRecord]);
  const value = (key: string): string | null => {
    const given = /^\d{1,2}$/.test(key) ? record[Number(key)] : data[key];
    const text = typeof given === 'string' ? given.trim() : '';
    return text === '' || text === '-' ? null : text.slice(0, 500);
  };
  const elements = Object.entries(config.fields).map(([name, template]) => {
    const text = fill(template ?? '', value);
    return [name, name === 'tanggalLahir' ? isoDate(text) : text];
  });
  return Object.fromEntries(elements) as CardElements;
}

/** `[RT {2} ]` is left out when place 2 is empty. */
function fill(template: string, value: (key: string) => string | null): string | null {
  let found = false;
  const put = (part: string, whole: boolean): string => {
    let missing = false;
    const text = part.replace(/\{([^{}]+)\}/g, (_all, key: string) => {
      const given = value(key);
      if (given === null) missing = true;
      else found = true;
      return given ?? '';
    });
    return whole && missing ? '' : text;
  };
  const text = put(
    template.replace(/\[([^\]]*)\]/g, (_all, part: string) => put(part, true)),
    false,
  );
  return found ? text.trim().replace(/^[,\s]+|[,\s]+$/g, '') : null;
}

/** The biodata record: comma, quotes, one line. One that is broken holds nothing. */
function columnsOf(record: unknown): string[] {
  if (typeof record !== 'string' || record.length > 4_000) return [];
  try {
    return parse(record, { relax_column_count: true, trim: true })[0] ?? [];
  } catch {
    return [];
  }
}

/** Seen: 1990-07-01, 01-07-1990, 01/07/1990, 01.07.1990. */
function isoDate(text: string | null): string | null {
  if (text === null || /^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  const [, day, month, year] = /^(\d{2})[-./](\d{2})[-./](\d{4})$/.exec(text) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}
