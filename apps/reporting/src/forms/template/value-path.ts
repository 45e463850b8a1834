import { z } from 'zod';
import { ReportContent } from '#contracts';
import { namedValues, type TemplateValue } from './template-values.js';

type Step = { key: string } | { index: number } | { where: string; is: string };
type Schema = z.ZodType;

/** A value of the content by its path, or one of the names; of `kind` number nothing is 0. undefined: there is no such value. */
export interface ValueSource {
  kind: 'number' | 'text';
  read: (source: { content: ReportContent; contentHash: string }) => TemplateValue;
}

/**
 * `figures.lookUps.total.hits`, `figures.lookUps.months[0].hits`, `figures.lookUps.byService[service=SKU].hits` or a name such as
 * `periode`. What stands in no list is 0 when it would be a number; undefined: the report has no such value.
 */
export function findValue(path: string): ValueSource | undefined {
  if (Object.hasOwn(namedValues, path)) return { kind: 'text', read: namedValues[path]! };
  const steps = stepsOf(path);
  const kind = steps && kindAt(ReportContent, steps);
  if (!kind) return undefined;
  return { kind, read: ({ content }) => valueAt(content, steps, kind) };
}

const anyStep = /^(?:\.([A-Za-z]\w*)|\[(\d{1,4})\]|\[([A-Za-z]\w*)=([\w.-]*)\])/;

function stepsOf(path: string): Step[] | undefined {
  const [first] = /^[A-Za-z]\w*/.exec(path) ?? [];
  if (first === undefined) return undefined;
  const steps: Step[] = [{ key: first }];
  let rest = path.slice(first.length);
  while (rest !== '') {
    const [whole, key, index, where, is] = anyStep.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    if (key !== undefined) steps.push({ key });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ where: where!, is: is! });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function kindAt(root: Schema, steps: readonly Step[]): 'number' | 'text' | undefined {
  let schema: Schema | undefined = bare(root);
  for (const step of steps) {
    if ('key' in step) schema = propertyOf(schema, step.key);
    else if (schema instanceof z.ZodArray) {
      schema = bare(schema.element as Schema);
      if ('where' in step && !leafKind(propertyOf(schema, step.where))) return undefined;
    } else return undefined;
    if (!schema) return undefined;
  }
  return leafKind(schema);
}

function propertyOf(schema: Schema, key: string): Schema | undefined {
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return undefined;
  return bare((schema.shape as Record<string, Schema>)[key]!);
}

function bare(schema: Schema): Schema {
  return schema instanceof z.ZodNullable || schema instanceof z.ZodOptional ? bare(schema.unwrap() as Schema) : schema;
}

const leafKind = (schema: Schema | undefined): 'number' | 'text' | undefined => {
  if (schema === undefined || schema instanceof z.ZodObject || schema instanceof z.ZodArray) return undefined;
  return schema instanceof z.ZodNumber ? 'number' : 'text';
};

function valueAt(content: ReportContent, steps: readonly Step[], kind: 'number' | 'text'): TemplateValue {
  let value: unknown = content;
  for (const step of steps) {
    // an entry that is left out because every number of it is 0, or a peak of nothing
    if (value === undefined || value === null) return kind === 'number' ? 0 : null;
    value = stepInto(value, step);
  }
  if (value === undefined) return kind === 'number' ? 0 : null;
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 'ya' : 'tidak';
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function stepInto(value: unknown, step: Step): unknown {
  if ('key' in step) return (value as Record<string, unknown>)[step.key];
  const list = value as unknown[];
  if ('index' in step) return list[step.index];
  return list.find((entry) => String((entry as Record<string, unknown>)[step.where]) === step.is);
}
