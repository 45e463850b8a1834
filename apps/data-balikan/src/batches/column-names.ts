import { defaultColumns, type BalikanDestination } from '#contracts';
import type { ColumnNames } from '../files/table.js';

/** The headers that an institution's files may have: its own where it has named some, else those of the template. */
export const columnNames = (destination: BalikanDestination | undefined): ColumnNames => ({
  ...defaultColumns,
  ...Object.fromEntries(Object.entries(destination?.columns ?? {}).filter(([, names]) => names !== undefined)),
});
