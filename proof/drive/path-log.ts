import { routes, type LogLevel, type Route } from '#contracts';

/** One way through the installation, and how it ended each time that it was taken. */
export interface DrivenPath {
  name: string;
  requests: number;
  /** Outcomes and error codes. */
  answers: Record<string, number>;
  logLevels: LogLevel[];
}

export interface DrivenRoute {
  operationId: string;
  route: string;
  requests: number;
  statuses: Record<string, number>;
}

/** What was driven, for the statement. */
export class PathLog {
  private readonly paths = new Map<string, DrivenPath>();
  private readonly routes = new Map<string, DrivenRoute>(
    (routes as readonly Route[]).map(({ operationId, method, path }) => [
      operationId,
      { operationId, route: `${method} ${path}`, requests: 0, statuses: {} },
    ]),
  );

  record(name: string, answer: string, level: LogLevel): void {
    const path = this.paths.get(name) ?? { name, requests: 0, answers: {}, logLevels: [] };
    this.paths.set(name, path);
    path.requests += 1;
    path.answers[answer] = (path.answers[answer] ?? 0) + 1;
    if (!path.logLevels.includes(level)) path.logLevels.push(level);
  }

  recordRoute(operationId: string, status: string): void {
    const driven = this.routes.get(operationId);
    if (!driven) return;
    driven.requests += 1;
    driven.statuses[status] = (driven.statuses[status] ?? 0) + 1;
  }

  get drivenPaths(): DrivenPath[] {
    return [...this.paths.values()];
  }

  get drivenRoutes(): DrivenRoute[] {
    return [...this.routes.values()];
  }
}
