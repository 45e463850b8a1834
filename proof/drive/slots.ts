import { z } from 'zod';
import { pathParameters, type Route } from '#contracts';

/** A place in a request where a text or a number can stand. */
export interface Slot {
  name: string;
  in: 'path' | 'query' | 'body';
  /** Keys and indexes that lead to it, in a body. */
  steps: readonly (string | number)[];
}

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** Every place of a route's request, the optional ones too, as the contract's own schema has them. */
export function slotsOf(route: Route): Slot[] {
  const slots: Slot[] = pathParameters(route.path).map((name) => ({ name, in: 'path', steps: [name] }));
  for (const name of Object.keys(route.query?.shape ?? {})) slots.push({ name, in: 'query', steps: [name] });
  if (route.body) {
    const schema = z.toJSONSchema(route.body.schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    const seen = new Set<string>();
    for (const steps of leavesOf(schema, schema.$defs ?? {})) {
      const name = steps.join('.');
      if (!seen.has(name)) slots.push({ name, in: 'body', steps });
      seen.add(name);
    }
  }
  return slots;
}

function* leavesOf(
  schema: JsonSchema,
  known: Record<string, JsonSchema>,
  steps: readonly (string | number)[] = [],
): Generator<readonly (string | number)[]> {
  // no schema of the contract is deeper; one that holds itself ends here
  if (steps.length > 8) return;
  const { $ref, properties = {}, items, prefixItems = [], anyOf = [], oneOf = [], allOf = [] } = schema;
  if ($ref !== undefined) {
    const target = known[$ref.replace(/^#\/\$defs\//, '')];
    if (target) yield* leavesOf(target, known, steps);
    return;
  }
  for (const one of [...anyOf, ...oneOf, ...allOf]) yield* leavesOf(one, known, steps);
  for (const [name, one] of Object.entries(properties)) yield* leavesOf(one, known, [...steps, name]);
  for (const one of [...(items ? [items] : []), ...prefixItems]) yield* leavesOf(one, known, [...steps, 0]);
  if (typeof schema.additionalProperties === 'object')
    yield* leavesOf(schema.additionalProperties, known, [...steps, 'x']);
  const types = [schema.type].flat();
  if (types.some((type) => type === 'string' || type === 'number' || type === 'integer')) yield steps;
}

/** A copy of `body` with `value` in a place; what leads there is made where it is missing. */
export function withValue(body: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(body) ? [...(body as unknown[])] : [];
    list[step] = withValue(list[step], rest, value);
    return list;
  }
  const object = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
  return { ...object, [step]: withValue((object as Record<string, unknown>)[step], rest, value) };
}
