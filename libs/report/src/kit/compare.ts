export interface Difference {
  /** `figures.lookUps.months[2].hits` */
  path: string;
  /** What the report says; undefined: nothing. */
  told: unknown;
  /** What was counted. */
  found: unknown;
}

/** What `told` and `found` differ in, value by value; `seen` gets every path at which values were compared. */
export function differences(told: unknown, found: unknown, path: string, seen?: (path: string) => void): Difference[] {
  if (isTree(told) && isTree(found) && Array.isArray(told) === Array.isArray(found)) {
    const [one, other] = [told as Record<string, unknown>, found as Record<string, unknown>];
    const keys = new Set([...Object.keys(other), ...Object.keys(one)]);
    return [...keys].flatMap((key) => {
      const inner = Array.isArray(told) ? `${path}[${key}]` : `${path}.${key}`;
      const value = (of: Record<string, unknown>) => (Object.hasOwn(of, key) ? of[key] : undefined);
      return differences(value(one), value(other), inner, seen);
    });
  }
  seen?.(path);
  return told === found ? [] : [{ path, told, found }];
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
