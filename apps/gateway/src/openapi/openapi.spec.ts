import { describe, expect, test } from '@jest/globals';
import { errors, pathParameters, roles, routes, scopes, type Route } from '#contracts';
import { makeOpenApi } from './openapi.js';

interface Operation {
  operationId: string;
  security: { oauth2?: string[]; session?: []; csrf?: [] }[];
  'x-roles'?: string[];
  requestBody?: { required: boolean; content: Record<string, { examples: object }> };
  parameters?: { name: string; in: string }[];
  responses: Record<string, { description: string; content: Record<string, { examples: Record<string, unknown> }> }>;
}

const document = makeOpenApi('1.2.3') as {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: { oauth2: { flows: { clientCredentials: { scopes: object } } } } };
};

test('is OpenAPI 3.1 of the version that was asked for', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
});

test('has every route and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

test('says how a person who has logged in is known', () => {
  expect(document.components.securitySchemes).toMatchObject({
    session: { type: 'apiKey', in: 'cookie' },
    csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
  });
});

test('offers exactly the scopes there are', () => {
  const offered = document.components.securitySchemes.oauth2.flows.clientCredentials.scopes;
  expect(Object.keys(offered).sort()).toEqual([...scopes].sort());
});

describe.each((routes as readonly Route[]).map((route) => [route.operationId, route] as const))('%s', (_id, route) => {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()] as Operation;

  test('names every code under its status', () => {
    for (const code of route.errors) {
      const answer = operation.responses[errors[code].status];
      expect(answer?.description).toContain(`\`${code}\``);
      expect(Object.values(answer?.content ?? {})[0]?.examples).toHaveProperty(code);
    }
  });

  test('has its success, and no status beyond', () => {
    const statuses = new Set([route.response.status, ...route.errors.map((code) => errors[code].status)].map(String));
    expect(Object.keys(operation.responses).sort()).toEqual([...statuses].sort());
  });

  test('says who may call', () => {
    if (route.access === 'public') expect(operation.security).toEqual([]);
    else {
      const person = { session: [], csrf: [] };
      expect(operation.security).toEqual(
        'session' in route.access ? [person] : [{ oauth2: [route.access.scope] }, person],
      );
      expect(operation['x-roles']).toEqual(route.access.roles);
      expect(roles).toEqual(expect.arrayContaining([...route.access.roles]));
    }
  });

  test('has its body, its path, its query and its headers', () => {
    expect(Object.keys(operation.requestBody?.content ?? {})).toEqual(
      route.body ? [route.body.contentType, ...(route.body.bareFile ?? [])] : [],
    );
    expect((operation.parameters ?? []).map((one) => `${one.in} ${one.name}`).sort()).toEqual(
      [
        ...pathParameters(route.path).map((name) => `path ${name}`),
        ...Object.keys(route.query?.shape ?? {}).map((name) => `query ${name}`),
        ...Object.keys(route.headers ?? {}).map((name) => `header ${name}`),
      ].sort(),
    );
  });
});
