import { pathParameters, type Route } from '#contracts';
import { fieldsOf, type Field } from './fields.js';

/** One route of the contract as the command line calls it. */
export interface Command {
  /** `client rotate-secret` */
  name: string;
  words: readonly string[];
  route: Route;
  pathParameters: readonly string[];
  query: readonly Field[];
  body: readonly Field[];
}

/** Every route that names a command, in the contract's order. */
export function commandsOf(routes: readonly Route[]): Command[] {
  return routes.flatMap((route) =>
    route.command === undefined
      ? []
      : [
          {
            name: route.command,
            words: route.command.split(' '),
            route,
            pathParameters: pathParameters(route.path),
            query: route.query ? fieldsOf(route.query) : [],
            body: route.body ? fieldsOf(route.body.schema) : [],
          },
        ],
  );
}

/** The command that these words begin with: no command begins with another, so there is at most one. */
export function findCommand(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands.find((command) => command.words.every((word, index) => word === words[index]));
}
