import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { roles } from '../actor.js';
import { scopes } from '../access.js';
import { errorCodes } from '../errors.js';
import type { Route } from '../route.js';
import { createVerification, routes } from './index.js';
import { verify } from '../verification.js';

const all: readonly Route[] = routes;

test('names, addresses and methods are used once', () => {
  const ids = all.map(({ operationId }) => operationId);
  const calls = all.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
  expect(new Set(ids).size).toBe(all.length);
  expect(new Set(calls).size).toBe(all.length);
});

test('whatever the look-up service may answer, the route names', () => {
  expect(createVerification.errors).toEqual(expect.arrayContaining([...verify.errors]));
});

describe.each(all.map((route) => [route.operationId, route] as const))('%s', (_id, route) => {
  test('names only errors that there are, each once', () => {
    expect(errorCodes).toEqual(expect.arrayContaining([...route.errors]));
    expect(new Set(route.errors).size).toBe(route.errors.length);
    expect(route.errors).toContain('INTERNAL_ERROR');
  });

  test('asks for a scope and roles that there are, or is public', () => {
    const { access } = route;
    if (access === 'public') return;
    expect(access.roles.length).toBeGreaterThan(0);
    expect(roles).toEqual(expect.arrayContaining([...access.roles]));
    if ('session' in access) {
      expect(route.errors).toEqual(expect.arrayContaining(['SESSION_REQUIRED', 'SESSION_EXPIRED', 'ROLE_NOT_ALLOWED']));
      return;
    }
    expect(scopes).toContain(access.scope);
    const ofToken = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SCOPE_MISSING', 'ROLE_NOT_ALLOWED'];
    expect(route.errors).toEqual(expect.arrayContaining([...ofToken, 'CLIENT_REVOKED', 'NETWORK_NOT_ALLOWED']));
  });

  test('has examples that fit its schemas', () => {
    const examples = [
      ...Object.values(route.body?.examples ?? {}).map((value) => [route.body?.schema, value] as const),
      ...Object.values(route.response.examples).map((value) => [route.response.schema, value] as const),
    ];
    for (const [schema, value] of examples) {
      const fault = schema?.safeParse(value).error;
      expect(fault && z.prettifyError(fault)).toBeUndefined();
    }
    if (route.body) expect(Object.keys(route.body.examples).length).toBeGreaterThan(0);
  });

  test('has an address of plain parts, and never a NIK in it', () => {
    expect(route.path).toMatch(/^\/(?:[a-z0-9.-]+|\{[a-z]\w*\})(?:\/(?:[a-z0-9.-]+|\{[a-z]\w*\}))*$/);
    expect(Object.keys(route.query?.shape ?? {})).not.toContain('nik');
    expect(route.path).not.toMatch(/nik/i);
  });
});
