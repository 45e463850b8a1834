import { z } from 'zod';
import { oauthError } from '../http/oauth-error.js';
import { errors, pathParameters, Problem, routes, TokenError, type ErrorCode, type Route } from '#contracts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 from the contracts alone: the same schemas check the requests. */
export function makeOpenApi(version: string): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
    target: 'draft-2020-12',
  });
  for (const schema of Object.values(schemas) as Json[]) {
    delete schema.$schema;
    delete schema.$id;
    delete schema.id;
  }
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gerbang PATEN',
      version,
      description:
        'Checks a NIK against the population register for the service counter of a kecamatan. Get a token at `/oauth/token`, then `POST /v1/verifications`. ' +
        'Answers are never stored, neither here nor, please, in your application. Every error carries a `code`, and a `detail` in Indonesian that says what to do next.',
    },
    servers: [{ url: '/' }],
    components: {
      schemas,
      examples: errorExamples(),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'gerbang_session', description: 'Set by `POST /session`' },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: '`csrfToken` of the session; not for GET',
        },
        oauth2: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: scopeTexts } } },
      },
    },
    paths,
  };
}

const scopeTexts = {
  'verifications:write': 'Check a NIK',
  'verifications:read': 'Read the trail',
  'access-rights:read': 'Read what may be asked',
  'evidence:read': 'Read the evidence log: checkpoints, proofs and bundles',
  'data-balikan:write': 'Send data balikan: single records, files, media packages',
  'data-balikan:read': 'Read data balikan and how their delivery stands, without persons',
  'readers:write': 'Have a card read, ask for an exception',
  'readers:read': 'See readers and how they stand',
  'reports:read': 'Read semester reports, obligations, duties and letters',
};

const ref = (schema: z.ZodType): Json => {
  const id = z.globalRegistry.get(schema)?.id;
  if (id) return { $ref: `#/components/schemas/${id}` };
  return inline(schema);
};

/** A schema without a name of its own; those that it names are in the components. */
function inline(schema: z.ZodType): Json {
  const { $schema: _, $defs: __, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json;
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

/** A file without a form around it. */
const binary: Json = { type: 'string', format: 'binary' };

function operation(route: Route): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.access === 'public'
      ? { security: [] }
      : {
          security:
            'session' in route.access
              ? [{ session: [], csrf: [] }]
              : [{ oauth2: [route.access.scope] }, { session: [], csrf: [] }],
          'x-roles': route.access.roles,
        }),
    ...parameters(route),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: {
              [route.body.contentType]: { schema: ref(route.body.schema), examples: named(route.body.examples) },
              ...Object.fromEntries((route.body.bareFile ?? []).map((type) => [type, { schema: binary }])),
            },
          },
        }
      : {}),
    responses: {
      [route.response.status]: {
        description: route.response.description,
        content: {
          [route.response.contentType ?? 'application/json']: {
            schema: ref(route.response.schema),
            examples: named(route.response.examples),
          },
          ...(route.response.events === undefined ? {} : { 'text/event-stream': eventsOf(route.response.events) }),
        },
      },
      ...errorResponses(route),
    },
  };
}

/** OpenAPI 3.1 has no words for the events of a stream. */
const eventsOf = ({ description, schemas }: NonNullable<Route['response']['events']>): Json => ({
  schema: { type: 'string', description },
  'x-events': Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ref(schema)])),
});

/** Names in a path that stand for something else than a UUID. */
const textIds: ReadonlySet<string> = new Set(['clientId', 'code']);

function parameters(route: Route): Json {
  const needed = route.query ? ((inline(route.query).required as string[] | undefined) ?? []) : [];
  const query = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = inline(schema as z.ZodType);
    return {
      name,
      in: 'query',
      required: needed.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
  const headers = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  const path = pathParameters(route.path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: textIds.has(name) ? { type: 'string' } : { type: 'string', format: 'uuid' },
  }));
  const all = [...path, ...query, ...headers];
  return all.length > 0 ? { parameters: all } : {};
}

/** Every error of a route, by status, each code with its example. */
function errorResponses(route: Route): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(route.errors))
    byStatus.set(errors[code].status, [...(byStatus.get(errors[code].status) ?? []), code]);
  const tokenEndpoint = route.operationId === 'issueToken';
  const media = tokenEndpoint ? 'application/json' : 'application/problem+json';
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\`: ${errors[code].title}`).join('; '),
          content: {
            [media]: {
              schema: ref(tokenEndpoint ? TokenError : Problem),
              examples: Object.fromEntries(codes.map((code) => [code, { $ref: exampleRef(code, tokenEndpoint) }])),
            },
          },
        },
      ]),
  );
}

/** An error reads the same wherever it is answered, so its example stands once. */
const exampleRef = (code: ErrorCode, tokenEndpoint: boolean) =>
  `#/components/examples/${code}${tokenEndpoint ? '_TOKEN' : ''}`;

function errorExamples(): Json {
  const all = new Map<string, Json>();
  for (const route of routes as readonly Route[]) {
    const tokenEndpoint = route.operationId === 'issueToken';
    for (const code of route.errors)
      all.set(`${code}${tokenEndpoint ? '_TOKEN' : ''}`, { value: example(code, tokenEndpoint) });
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function example(code: ErrorCode, tokenEndpoint: boolean): Json {
  const { status, title, detail } = errors[code];
  const problem = {
    type: `urn:gerbang-paten:error:${code}`,
    title,
    status,
    detail,
    code,
    correlationId: '019ab3c4-5d6e-7f80-9123-456789abcdef',
  };
  return tokenEndpoint ? { error: oauthError(code), error_description: title, ...problem } : problem;
}

const named = (examples: Record<string, unknown>): Json =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
