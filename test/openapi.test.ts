import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Problem, routes, TokenError, type Route } from '#contracts';
import { makeOpenApi } from '../apps/gateway/src/openapi/openapi.js';
import { apiVersion } from '../apps/gateway/src/start.js';
import { isTokenEndpoint } from './support/answers.js';
import { RunningStack, type Answer } from './support/running-stack.js';

interface Media {
  schema: object;
  examples: Record<string, Example>;
}
/** Errors are the same everywhere and stand once, in the components. */
type Example = { value: unknown } | { $ref: string };
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: object;
}
interface Operation {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content: Record<string, Media> }>;
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, object>;
    examples: Record<string, { value: unknown }>;
    securitySchemes: Record<string, { flows: { clientCredentials: { tokenUrl: string; scopes: object } } }>;
  };
}

const all: readonly Route[] = routes;

let stack: RunningStack;
let answer: Answer;
let document: OpenApi;

beforeAll(async () => {
  stack = await RunningStack.start();
  answer = await stack.send('GET', '/openapi.json');
  document = answer.body as unknown as OpenApi;
});
afterAll(() => stack.stop());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => [path, operation] as [string, Operation]),
  );

const valueOf = (example: Example): unknown =>
  '$ref' in example
    ? document.components.examples[example.$ref.replace('#/components/examples/', '')]?.value
    : example.value;

/** Every object inside of a value, itself included. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

function resolve(ref: string): unknown {
  const parts = ref.replace(/^#\//, '').split('/');
  return parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}

describe('/openapi.json', () => {
  test('is the document that the contracts make', () => {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(document).toEqual(JSON.parse(JSON.stringify(makeOpenApi(apiVersion))));
  });

  test('is OpenAPI 3.1 in form', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//);
      expect(['get', 'post', 'delete', 'put', 'patch']).toEqual(expect.arrayContaining(Object.keys(methods)));
    }
    for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, { responses, summary }] of operations()) {
      expect(summary).not.toBe('');
      expect(Object.keys(responses).length).toBeGreaterThan(1);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(description).not.toBe('');
        for (const { schema } of Object.values(content)) expect(schema).toEqual(expect.any(Object));
      }
    }
  });

  const refsIn = (value: unknown): string[] =>
    [...objectsIn(value)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
  const expectResolved = (refs: string[]) => {
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) expect({ ref, target: resolve(ref) }).toEqual({ ref, target: expect.any(Object) });
  };
  const ofParameters = (): string[] => operations().flatMap(([, { parameters = [] }]) => refsIn(parameters));

  test('every reference leads somewhere, and every schema is referred to', () => {
    const inside = operations().map(([, { parameters: _, ...operation }]) => operation);
    const refs = [...refsIn(document.components), ...refsIn(inside)];
    expectResolved(refs);
    const referred = new Set([...refs, ...ofParameters()].map((ref) => ref.split('/').at(-1)));
    expect(Object.keys(document.components.schemas).filter((name) => !referred.has(name))).toEqual([]);
  });

  // zod's own definitions are left inside of the parameter, and are referred to from the root of the document
  test('every reference of a parameter leads somewhere', () => expectResolved(ofParameters()));

  test('parameters of a path are declared, others are not of the path', () => {
    for (const [path, { parameters = [] }] of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((one) => one.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      for (const one of parameters) {
        expect(['query', 'header', 'path']).toContain(one.in);
        expect(one.schema).toEqual(expect.any(Object));
        if (one.in === 'path') expect(one.required).toBe(true);
      }
    }
  });

  test('every scope that is asked for is offered at the token endpoint', () => {
    const flow = document.components.securitySchemes.oauth2?.flows.clientCredentials;
    expect(document.paths).toHaveProperty([flow?.tokenUrl ?? '']);
    for (const [, { security }] of operations())
      for (const [scheme, asked] of security.flatMap((one) => Object.entries(one))) {
        expect(['oauth2', 'session', 'csrf']).toContain(scheme);
        if (scheme === 'oauth2') expect(Object.keys(flow?.scopes ?? {})).toEqual(expect.arrayContaining(asked));
      }
  });

  test('holds no address, no secret and no person but the examples', () => {
    expect(answer.text).not.toMatch(/https?:\/\/(?!json-schema\.org|[a-z]+\.example)/);
    const digits = (answer.text.match(/\d{16}/g) ?? []).filter((found) => found !== String(Number.MAX_SAFE_INTEGER));
    for (const nik of digits) expect(nik).toMatch(/99\d\d$/);
  });
});

describe.each(all.map((route) => [route.operationId, route] as const))('examples of %s', (_id, route) => {
  const operation = (): Operation => document.paths[route.path]?.[route.method.toLowerCase()] as Operation;
  const expectFit = (schema: z.ZodType | undefined, media: Media | undefined) => {
    for (const [name, example] of Object.entries(media?.examples ?? {})) {
      const fault = schema?.safeParse(valueOf(example)).error;
      expect({ name, fault: fault && z.prettifyError(fault) }).toEqual({ name, fault: undefined });
    }
  };

  test('fit their schemas', () => {
    if (route.body) expectFit(route.body.schema, operation().requestBody?.content[route.body.contentType]);
    const { status, schema } = route.response;
    expectFit(schema, operation().responses[status]?.content['application/json']);
  });

  test('of errors fit the form of the endpoint, and carry their own code', () => {
    const media = isTokenEndpoint(route) ? 'application/json' : 'application/problem+json';
    for (const [status, { content }] of Object.entries(operation().responses)) {
      if (status === String(route.response.status)) continue;
      expect(Object.keys(content)).toEqual([media]);
      expectFit(isTokenEndpoint(route) ? TokenError : Problem, content[media]);
      for (const [code, example] of Object.entries(content[media]?.examples ?? {}))
        expect(valueOf(example)).toMatchObject({ code, status: Number(status) });
    }
  });
});

// all but one say invalid_request
test('examples of token errors name the error that is answered', () => {
  const examples = Object.values(document.paths['/oauth/token']?.post?.responses ?? {}).flatMap(({ content }) =>
    Object.entries(content['application/json']?.examples ?? {}),
  );
  const named = Object.fromEntries(
    examples.map(([code, example]) => [code, (valueOf(example) as { error?: string }).error]),
  );
  expect(named).toMatchObject({
    CLIENT_INVALID: 'invalid_client',
    CLIENT_REVOKED: 'unauthorized_client',
    NETWORK_NOT_ALLOWED: 'unauthorized_client',
    GRANT_TYPE_UNSUPPORTED: 'unsupported_grant_type',
    SCOPE_INVALID: 'invalid_scope',
    OPERATOR_UNKNOWN: 'invalid_grant',
  });
});

describe('/docs', () => {
  test('is a page whose parts all come from this host', async () => {
    const page = await stack.send('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const links = [...page.text.matchAll(/\b(?:src|href)\s*=\s*["']?([^"'\s>]+)/gi)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const url = new URL(link, `${stack.url}/docs`);
      expect({ link, origin: url.origin }).toEqual({ link, origin: stack.url });
      const part = await fetch(url);
      expect({ link, status: part.status, empty: (await part.arrayBuffer()).byteLength === 0 }).toEqual({
        link,
        status: 200,
        empty: false,
      });
    }
  });

  test('would be kept by its policy from loading anything else, and has no script in the page', async () => {
    const { headers, text } = await stack.send('GET', '/docs');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
    for (const [, attributes = '', inside = ''] of text.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/gi)) {
      expect(attributes).toMatch(/\bsrc=/);
      expect(inside.trim()).toBe('');
    }
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  test('shows the document itself', async () => {
    const { text } = await stack.send('GET', '/docs/swagger-ui-init.js');
    for (const { operationId } of all) expect(text).toContain(`"${operationId}"`);
  });

  test('its style sheet loads nothing from elsewhere', async () => {
    const { text } = await stack.send('GET', '/docs/swagger-ui.css');
    const loads = [...text.matchAll(/(?:@import|url\()\s*["']?([^"')\s]+)/gi)].map(([, link = '']) => link);
    for (const link of loads) expect(link).toMatch(/^data:/);
  });
});
