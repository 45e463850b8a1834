import type { Shape } from './fields.js';
import type { Inputs } from './inputs.js';

const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** A value, and whether all of it stood on the line, where secrets must not. */
export interface Given {
  value: unknown;
  onLine: boolean;
}

/**
 * Reads what one option says as its schema wants it. What does not fit stays a text: the schema then tells the fault.
 * @param texts the option's values in order; more than one only for a list
 * @throws {CommandFailure} a file or JSON that cannot be read, or a repeat of what is no list
 */
export async function readValue(name: string, shape: Shape, texts: readonly string[], inputs: Inputs): Promise<Given> {
  const [first = ''] = texts;
  if (texts.length === 1 && first === 'null' && shape.types.has('null')) return { value: null, onLine: true };
  if (shape.types.has('array')) return readList(name, shape.item, texts, inputs);
  if (texts.length > 1) return inputs.fail(`--${name} ditulis lebih dari sekali.`);
  return readOne(name, shape, first, inputs);
}

async function readList(name: string, item: Shape | undefined, texts: readonly string[], inputs: Inputs) {
  const list: Given = { value: [], onLine: true };
  const values: unknown[] = [];
  for (const text of texts) {
    const read = await readItem(name, item, text, inputs);
    list.onLine &&= read.onLine;
    // a whole list may be given as one, and beside others
    if (Array.isArray(read.value)) values.push(...(read.value as unknown[]));
    else values.push(read.value);
  }
  return { ...list, value: values };
}

async function readItem(name: string, item: Shape | undefined, text: string, inputs: Inputs): Promise<Given> {
  const list = text.startsWith('[') ? parse(text) : undefined;
  if (Array.isArray(list)) return { value: list, onLine: true };
  return item ? readOne(name, item, text, inputs) : { value: text, onLine: true };
}

async function readOne(name: string, { types }: Shape, text: string, inputs: Inputs): Promise<Given> {
  if (types.has('boolean') && (text === 'true' || text === 'false')) return { value: text === 'true', onLine: true };
  if ((types.has('number') || types.has('integer')) && number.test(text)) return { value: Number(text), onLine: true };
  if (!types.has('object') || types.has('string')) return { value: text, onLine: true };
  if (!/^\s*[[{]/.test(text)) return { value: await inputs.readJson(text, `--${name}`), onLine: false };
  const value = parse(text);
  return value === undefined ? inputs.fail(`--${name}: bukan JSON yang benar.`) : { value, onLine: true };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
