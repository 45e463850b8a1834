import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { roles, scopes, type ErrorCode, type Role, type Scope } from '#contracts';
import { expectProblem, sampleRequest } from '../support/answers.js';
import { allRoutes, ask, bearer, guarded, nameOf, operatorIdOf, type GuardedRoute } from '../support/asking.js';
import { addClient, addOperator, extraClient, firstVersion } from '../support/office-parts.js';
import { RunningStack, type Office } from '../support/running-stack.js';
import { forgeries, TokenForge } from '../support/token-forge.js';

const outdated = extraClient('lama');
const revoked = extraClient('dicabut');
const elsewhere = extraClient('jaringan-lain');
const lacking = Object.fromEntries(scopes.map((scope) => [scope, extraClient(`tanpa-${scope.replace(':', '-')}`)]));

let stack: RunningStack;
let home: Office;
let neighbour: Office;
/** An office whose closed network this machine is not in. */
let remote: Office;
let forge: TokenForge;

beforeAll(async () => {
  stack = await RunningStack.start();
  home = await stack.addOffice({
    change: (file) => {
      for (const role of roles) addOperator(file, role, { role });
      // every route that a token opens is one for a Camat
      addOperator(file, 'mantan', { role: 'camat' });
      addClient(file, outdated, { expiresAt: '2026-01-01T00:00:00Z' });
      addClient(file, revoked);
      addClient(file, elsewhere, { networks: ['10.9.0.0/16'] });
      for (const scope of scopes)
        addClient(file, lacking[scope] ?? revoked, { scopes: scopes.filter((one) => one !== scope) });
    },
  });
  neighbour = await stack.addOffice();
  remote = await stack.addOffice({ change: (file) => (firstVersion(file).networks = ['10.0.0.0/8']) });
  forge = await TokenForge.of(stack, await stack.token(home));
  await stack.sql('UPDATE access.client SET revoked_at = now() WHERE id = $1', [`${home.client.id}-${revoked.suffix}`]);
  await stack.sql("UPDATE access.operator SET revoked_at = now() WHERE user_id_lokal = 'mantan'");
});
afterAll(() => stack.stop());

/** A token as `who` would hold it: of a client, and by default of its operator. */
const tokenOf = (client: string, claims: Record<string, unknown> = {}): Promise<string> =>
  forge.make({ claims: { sub: client, ...claims } });
const operatorToken = (userIdLokal: string): Promise<string> => stack.token(home, { operator: userIdLokal });

interface Caller {
  who: string;
  headers: (asked: GuardedRoute) => Promise<Record<string, string>>;
  /** The refusal; without one, the guard lets the caller through. */
  refusal: ErrorCode | ((asked: GuardedRoute) => ErrorCode | undefined);
}

const tellsWhatIsMissing = ({ route }: GuardedRoute): boolean => route.operationId === 'getAccessRights';
/** What a token without a standing operator gets: there are routes that no token opens. */
const withoutOperator =
  (code: ErrorCode) =>
  (asked: GuardedRoute): ErrorCode | undefined => {
    if ('session' in asked.access) return 'SESSION_REQUIRED';
    return tellsWhatIsMissing(asked) ? undefined : code;
  };
const scopeRefusal = ({ access }: GuardedRoute): ErrorCode =>
  'session' in access ? 'SESSION_REQUIRED' : 'SCOPE_MISSING';
/** Where no scope is asked for, lacking any of them is as good. */
const scopeOf = ({ access }: GuardedRoute): Scope => ('session' in access ? scopes[0] : access.scope);

const callers: Caller[] = [
  { who: 'nobody', headers: async () => ({}), refusal: 'TOKEN_MISSING' },
  { who: 'an empty header', headers: async () => ({ authorization: '' }), refusal: 'TOKEN_INVALID' },
  { who: 'another scheme', headers: async () => ({ authorization: 'Basic YTpi' }), refusal: 'TOKEN_INVALID' },
  { who: 'two tokens', headers: async () => ({ authorization: 'Bearer abc abc' }), refusal: 'TOKEN_INVALID' },
  { who: 'an expired token', headers: async () => bearer(await forge.expired()), refusal: 'TOKEN_EXPIRED' },
  ...Object.entries(forgeries).map(([name, make]) => ({
    who: `a forged token: ${name}`,
    headers: async () => bearer(await make(forge)),
    refusal: 'TOKEN_INVALID' as const,
  })),
  {
    who: 'a token without the scope',
    headers: async (asked) => {
      const others = scopes.filter((scope) => scope !== scopeOf(asked)).join(' ');
      return bearer(await stack.token(home, { operator: home.operator, scope: others }));
    },
    refusal: scopeRefusal,
  },
  {
    who: 'a client that lost the scope after its token was issued',
    headers: async (asked) => bearer(await tokenOf(`${home.client.id}-${lacking[scopeOf(asked)]?.suffix}`)),
    refusal: scopeRefusal,
  },
  ...roles.map((role: Role) => ({
    who: `the role ${role}`,
    headers: async () => bearer(await operatorToken(role)),
    refusal: ({ access }: GuardedRoute): ErrorCode | undefined => {
      if ('session' in access) return 'SESSION_REQUIRED';
      return access.roles.includes(role) ? undefined : 'ROLE_NOT_ALLOWED';
    },
  })),
  {
    who: 'a client that nobody knows',
    headers: async () => bearer(await tokenOf('tidak-ada')),
    refusal: 'CLIENT_REVOKED',
  },
  {
    who: 'a revoked client',
    headers: async () => bearer(await tokenOf(`${home.client.id}-${revoked.suffix}`)),
    refusal: 'CLIENT_REVOKED',
  },
  {
    who: 'an expired client',
    headers: async () => bearer(await tokenOf(`${home.client.id}-${outdated.suffix}`)),
    refusal: 'CLIENT_REVOKED',
  },
  {
    who: 'no operator',
    headers: async () => bearer(await tokenOf(home.client.id, { operator: undefined })),
    refusal: withoutOperator('OPERATOR_REQUIRED'),
  },
  {
    who: 'an operator of another institution',
    headers: async () => bearer(await tokenOf(home.client.id, { operator: await operatorIdOf(stack, neighbour) })),
    refusal: withoutOperator('OPERATOR_REQUIRED'),
  },
  {
    who: 'a revoked operator',
    headers: async () => bearer(await operatorToken('mantan')),
    refusal: withoutOperator('OPERATOR_INACTIVE'),
  },
  {
    who: 'a source outside the closed network',
    headers: async () => bearer(await tokenOf(remote.client.id, { operator: await operatorIdOf(stack, remote) })),
    refusal: 'NETWORK_NOT_ALLOWED',
  },
  {
    who: 'a source outside the network of the client',
    headers: async () => bearer(await tokenOf(`${home.client.id}-${elsewhere.suffix}`)),
    refusal: 'NETWORK_NOT_ALLOWED',
  },
  ...['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Client-IP', 'True-Client-IP'].map((name) => ({
    who: `a source that names another one by ${name}`,
    headers: async () => ({
      ...bearer(await tokenOf(remote.client.id, { operator: await operatorIdOf(stack, remote) })),
      [name]: name === 'Forwarded' ? 'for=10.0.0.5' : '10.0.0.5',
    }),
    refusal: 'NETWORK_NOT_ALLOWED' as const,
  })),
];

describe.each(guarded.map((asked) => [nameOf(asked.route), asked] as const))('%s asked by', (_name, asked) => {
  for (const { who, headers, refusal } of callers) {
    test(who, async () => {
      const answer = await ask(stack, asked.route, {
        ...(await headers(asked)),
        'x-correlation-id': 'uji.wewenang:1',
      });
      const code = typeof refusal === 'function' ? refusal(asked) : refusal;
      if (code === undefined) expect([401, 403]).not.toContain(answer.status);
      else expectProblem(answer, code, { correlationId: 'uji.wewenang:1' });
    });
  }

  test('a token in the query, which ends up in logs', async () => {
    const { path, ...request } = sampleRequest(asked.route);
    const answer = await stack.send(
      request.method,
      `${path}${path.includes('?') ? '&' : '?'}access_token=${await stack.token(home)}`,
      request,
    );
    expectProblem(answer, 'TOKEN_MISSING');
  });
});

describe('public routes', () => {
  test('are these and no other', () => {
    const names = allRoutes.filter(({ access }) => access === 'public').map(({ operationId }) => operationId);
    expect(names.sort()).toEqual([
      'activateAccount',
      'getJwks',
      'getOpenApi',
      'issueToken',
      'joinReaderAgent',
      'logIn',
    ]);
  });

  test('do not look at a token', async () => {
    for (const route of allRoutes.filter(({ access, body }) => access === 'public' && !body))
      expect(await ask(stack, route, bearer('abc'))).toMatchObject({ status: route.response.status });
  });

  test.each(['/health/live', '/health/ready', '/metrics', '/docs-json', '/docs-yaml', '/admin'])(
    '%s is not one of the public port',
    async (path) => expectProblem(await stack.send('GET', path), 'ROUTE_NOT_FOUND'),
  );

  test('no route answers HEAD without a token', async () => {
    for (const { route } of guarded.filter(({ route: { method } }) => method === 'GET'))
      expect(await stack.send('HEAD', sampleRequest(route).path)).toMatchObject({ status: 401 });
  });
});
