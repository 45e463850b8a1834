import { routes, type Obligation, type Role, type Route } from '#contracts';

type Link = Obligation['evidence'][number];

/**
 * The proofs of an obligation that somebody of this role can open. To whoever looks at an institution from outside they name it; those that
 * only ever show the own one are left out.
 */
export function openableLinks(links: readonly Link[], role: Role, institutionId: string): Link[] {
  return links.flatMap(({ label, href }) => {
    const { pathname, searchParams } = new URL(href, 'https://gerbang.invalid');
    const route = routeOf(pathname);
    if (!route || route.access === 'public' || !route.access.roles.includes(role)) return [];
    if (role !== 'evaluator' || route.path.includes('{institutionId}')) return [{ label, href }];
    if (!route.query || !('institutionId' in route.query.shape)) return [];
    searchParams.set('institutionId', institutionId);
    return [{ label, href: `${pathname}?${searchParams.toString()}` }];
  });
}

/** `/v1/reports/schedule` is no `/v1/reports/{id}`: what is written out comes first. */
function routeOf(path: string): Route | undefined {
  const fitting = (routes as readonly Route[]).filter(
    (route) => route.method === 'GET' && new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return fitting.find((route) => route.path === path) ?? fitting[0];
}
