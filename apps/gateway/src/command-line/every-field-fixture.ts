import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { defineRoute, type Route } from '#contracts';
import { commandsOf, type Command } from './commands.js';
import { Inputs } from './inputs.js';
import { readLine, splitGeneral } from './options.js';
import { checkCall, optionNames, type Call } from './prepare.js';

const Everything = z.strictObject({
  text: z.string(),
  number: z.number().min(0).max(720).optional(),
  whole: z.int().optional(),
  flag: z.boolean().optional(),
  either: z.enum(['a', 'b']).nullable().optional(),
  level: z.union([z.literal(1), z.literal(2)]).optional(),
  list: z.array(z.string()).min(1).nullable().optional(),
  numbers: z.array(z.int()).optional(),
  person: z.strictObject({ name: z.string(), days: z.array(z.int()).optional() }).optional(),
  people: z.array(z.strictObject({ name: z.string() })).optional(),
  open: z.record(z.string(), z.unknown()).optional(),
});
const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  act: z.enum(['x']).optional(),
});

const route = (more: Partial<Route>): Route =>
  defineRoute({
    operationId: 'everything',
    method: 'POST',
    path: '/v1/things/{thingId}',
    command: 'thing make',
    summary: 'All kinds of fields',
    access: { session: true, roles: ['admin'] },
    response: { status: 200, description: '', schema: z.unknown(), examples: {} },
    errors: [],
    ...more,
  });
/** A command that takes a body with every kind of field. */
export const [make] = commandsOf([
  route({ body: { schema: Everything, contentType: 'application/json', examples: {} } }),
]);
/** One that takes a query. */
export const [list] = commandsOf([route({ method: 'GET', path: '/v1/things', query: Query })]);

/** The call that these options mean, before anybody is asked for a secret. */
export async function check(command: Command | undefined, argv: readonly string[], stdin = ''): Promise<Call> {
  if (!command) throw new Error('no such command');
  const line = readLine(argv, (name) => name === 'flag');
  const { general, own } = splitGeneral(line.options, (name) => optionNames(command).includes(name));
  const input = new PassThrough();
  input.end(stdin);
  const inputs = new Inputs({ stdin: input, stdout: new PassThrough(), stderr: new PassThrough(), environment: {} });
  return checkCall(command, own, { general, inputs, institutionId: undefined });
}
