import { takeFitting } from '#service';

/** As many of the rows as may be and fit one message, and the id of the last if there are more. */
export function toPage<T extends { id: string }, P extends object>(
  rows: readonly T[],
  most: number,
  shape: (page: T[]) => P,
): P & { next: string | null } {
  const page = takeFitting(rows.slice(0, most));
  return { ...shape(page), next: page.length < rows.length ? (page.at(-1)?.id ?? null) : null };
}
