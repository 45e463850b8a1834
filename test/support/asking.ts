import { routes, type Route } from '#contracts';
import { sampleRequest } from './answers.js';
import type { Answer, Office, RunningStack } from './running-stack.js';

export const allRoutes: readonly Route[] = routes;

/** Those that ask who is there. */
export const guarded = allRoutes.flatMap((route) =>
  route.access === 'public' ? [] : [{ route, access: route.access }],
);
export type GuardedRoute = (typeof guarded)[number];

const ofReporting = /^\/v1\/(reports|report-template|obligations|duties|reminders|letters|figures|evaluation)(\/|$)/;

/** How a route answers somebody who is let in, on a stack without the service reporting. */
export const statusOf = ({ path, response }: Route): number => (ofReporting.test(path) ? 503 : response.status);

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Asks a route with its own example as the body. */
export function ask(
  stack: RunningStack,
  route: Route,
  headers: Record<string, string>,
  url = stack.url,
): Promise<Answer> {
  const { method, path, ...request } = sampleRequest(route);
  return stack.send(method, path, { ...request, headers: { ...request.headers, ...headers } }, url);
}

export async function operatorIdOf(
  stack: RunningStack,
  { file, operator }: Office,
  userIdLokal = operator,
): Promise<string> {
  const [row] = await stack.sql<{ id: string }>(
    `SELECT operator.id FROM access.operator JOIN access.institution ON institution.id = institution_id
     WHERE region_code = $1 AND user_id_lokal = $2`,
    [file.institution.regionCode, userIdLokal],
  );
  return row?.id ?? '';
}
