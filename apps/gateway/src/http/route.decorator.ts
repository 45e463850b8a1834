import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { Route } from '#contracts';

export const routeMetadata = 'gerbang:route';

/** Binds a controller method to one route of the contract: method, path and status, and what the guard asks of a caller. */
export function ApiRoute(route: Route): MethodDecorator {
  return applyDecorators(
    RequestMapping({ method: RequestMethod[route.method], path: route.path.replace(/\{(\w+)\}/g, ':$1') }),
    HttpCode(route.response.status),
    SetMetadata(routeMetadata, route),
  );
}
