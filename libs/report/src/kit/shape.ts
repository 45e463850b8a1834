// Whether a value has the form that code relies on: what a stranger wrote must not throw where it is counted.

export type Shape = (value: unknown) => boolean;

export const text: Shape = (value) => typeof value === 'string';
export const flag: Shape = (value) => typeof value === 'boolean';
export const whole: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const day: Shape = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  !Number.isNaN(Date.parse(`${value}T00:00:00Z`)) &&
  new Date(`${value}T00:00:00Z`).toISOString().startsWith(value);
export const time: Shape = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(value) &&
  !Number.isNaN(Date.parse(`${value.slice(0, 19)}Z`));

export const one =
  (...allowed: readonly unknown[]): Shape =>
  (value) =>
    allowed.includes(value);

export const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);

export const list =
  (shape: Shape, least = 0): Shape =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(shape);

/** With these keys and no others, but for those that may be left out. */
export const record =
  (shapes: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(shapes).every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, inner]) =>
      Object.hasOwn(shapes, key) ? shapes[key]!(inner) : Object.hasOwn(optional, key) && optional[key]!(inner),
    );

/** With at least these keys. */
export const recordWith =
  (shapes: Record<string, Shape>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(shapes).every(
      ([key, shape]) => Object.hasOwn(value, key) && shape((value as Record<string, unknown>)[key]),
    );
