import { z } from 'zod';

/** What of JSON Schema 2020-12 zod writes and the command line reads. */
interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  type?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

/** What a value may look like. */
export interface Shape {
  types: ReadonlySet<string>;
  /** Those that the contract lists; empty: any. */
  choices: readonly unknown[];
  format: string | undefined;
  minimum: number | undefined;
  maximum: number | undefined;
  /** Of an array. */
  item: Shape | undefined;
  /** Of an object. */
  fields: readonly Field[];
}

export interface Field {
  /** Dotted from the top: `operator.fullName`. */
  name: string;
  /** Needed whenever the object that it belongs to is given. */
  required: boolean;
  /** Needed in any case: so is every object around it. */
  alwaysRequired: boolean;
  description: string | undefined;
  default: unknown;
  shape: Shape;
}

/** The fields of a body or a query as a caller writes them, objects before what is in them. */
export function fieldsOf(schema: z.ZodType): Field[] {
  const root = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return shapeOf(root, root.$defs ?? {}, { name: '', alwaysRequired: true }).fields.flatMap(withInner);
}

/** A field and all that is in it, but for the items of lists. */
export const withInner = (field: Field): Field[] => [field, ...field.shape.fields.flatMap(withInner)];

interface Place {
  name: string;
  alwaysRequired: boolean;
}

function shapeOf(schema: JsonSchema, definitions: Record<string, JsonSchema>, place: Place): Shape {
  const variants = variantsOf(resolve(schema, definitions), definitions);
  const first = <K extends 'format' | 'minimum' | 'maximum'>(key: K) =>
    variants.find((variant) => variant[key] !== undefined)?.[key];
  const objects = variants.filter(({ properties }) => properties);
  const items = variants.find(({ items }) => items)?.items;
  return {
    types: new Set(variants.flatMap(typesOf)),
    choices: variants.every((variant) => choicesOf(variant).length > 0 || variant.type === 'null')
      ? variants.flatMap(choicesOf)
      : [],
    format: first('format'),
    minimum: first('minimum'),
    maximum: first('maximum'),
    item: items && shapeOf(items, definitions, place),
    fields: fieldsOfKinds(objects, definitions, place),
  };
}

/**
 * Of one kind of object the fields are known. Of a body that may be one of several kinds they are all told, and the contract says which
 * go together; deeper inside, which is meant only its JSON tells.
 */
function fieldsOfKinds(objects: readonly JsonSchema[], definitions: Record<string, JsonSchema>, place: Place): Field[] {
  if (objects.length > 1 && place.name !== '') return [];
  const fields = new Map<string, Field>();
  for (const field of objects.flatMap((object) => innerFields(object, definitions, place))) {
    const known = fields.get(field.name);
    const inAll = objects.every(({ required }) => required?.includes(field.name));
    if (!known) fields.set(field.name, objects.length === 1 ? field : asOneOfMany(field, inAll));
    else fields.set(field.name, { ...known, shape: withChoices(known.shape, field.shape) });
  }
  return [...fields.values()];
}

const asOneOfMany = (field: Field, inAll: boolean): Field => ({
  ...field,
  required: inAll,
  alwaysRequired: inAll && field.alwaysRequired,
});

/** The name of the kind has another value in each. */
const withChoices = (one: Shape, other: Shape): Shape => ({
  ...one,
  choices: [one, other].some(({ choices }) => choices.length === 0)
    ? []
    : [...new Set([...one.choices, ...other.choices])],
});

function innerFields(object: JsonSchema, definitions: Record<string, JsonSchema>, outer: Place): Field[] {
  return Object.entries(object.properties ?? {}).map(([key, schema]) => {
    const resolved = resolve(schema, definitions);
    const required = object.required?.includes(key) ?? false;
    const place = {
      name: outer.name === '' ? key : `${outer.name}.${key}`,
      alwaysRequired: outer.alwaysRequired && required,
    };
    return {
      ...place,
      required,
      description: resolved.description,
      default: resolved.default,
      shape: shapeOf(resolved, definitions, place),
    };
  });
}

function resolve(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  const { $ref, allOf = [], ...own } = schema;
  const named = $ref === undefined ? [] : [definitions[$ref.replace('#/$defs/', '')] ?? {}];
  return Object.assign({}, ...[...named, ...allOf].map((part) => resolve(part, definitions)), own) as JsonSchema;
}

function variantsOf(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema[] {
  const union = schema.anyOf ?? schema.oneOf;
  return union ? union.flatMap((variant) => variantsOf(resolve(variant, definitions), definitions)) : [schema];
}

function typesOf(schema: JsonSchema): string[] {
  if (schema.type !== undefined) return [schema.type];
  return choicesOf(schema).map((choice) => typeof choice);
}

function choicesOf(schema: JsonSchema): unknown[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
}
