import { z } from 'zod';

const indonesian = z.locales.id().localeError;

export interface Fault {
  /** `operator.workingHours.days[0]` */
  name: string;
  message: string;
}

/** All faults of a value, in Indonesian. */
export function faultsOf(schema: z.ZodType, value: unknown): Fault[] {
  const { error } = schema.safeParse(value, {
    error: (issue) => (issue.input === undefined ? 'Wajib diisi.' : indonesian(issue)),
  });
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ name: nameOf(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ name: nameOf([...issue.path, key]), message: 'Isian ini tidak dikenal.' }));
  });
}

const nameOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');

export const faultLine = ({ name, message }: Fault): string => (name === '' ? message : `--${name}: ${message}`);
