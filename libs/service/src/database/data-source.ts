import type { MixedList, EntitySchema } from 'typeorm';
import { type DataSource } from 'typeorm';
import pg, { type Pool, type PoolConfig } from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

export interface DatabaseConfig {
  host: string;
  port: number;
  name: string;
  user: string;
  password: string;
  poolSize: number;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of an entity class
export type Entities = MixedList<Function | string | EntitySchema>;

const ignore = (): void => undefined;

/**
 * The server may end a connection in the instant that it is handed out, when nobody listens yet: then the process would end too.
 * Whoever has the connection learns it from the next statement.
 */
export class ServicePool extends pg.Pool {
  constructor(config: PoolConfig) {
    super(config);
    this.on('connect', (client) => client.on('error', ignore));
  }
}

/** Waits for a connection or a statement are bounded, so that a silent database is an error and not a hang. */
export function dataSourceOptions(service: string, schema: string, config: DatabaseConfig, entities: Entities) {
  return {
    type: 'postgres' as const,
    driver: { ...pg, Pool: ServicePool },
    host: config.host,
    port: config.port,
    database: config.name,
    username: config.user,
    password: config.password,
    schema,
    entities,
    synchronize: false,
    applicationName: service,
    poolSize: config.poolSize,
    connectTimeoutMS: 3_000,
    extra: {
      statement_timeout: 10_000,
      query_timeout: 11_000,
      idle_in_transaction_session_timeout: 15_000,
      keepAlive: true,
    },
    // The pool reports a lost idle connection here; the next query finds it out by itself.
    poolErrorHandler: () => undefined,
    logging: false as const,
  };
}

/** The one pool of a service: TypeORM's own, for the SQL that is written by hand. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as PostgresDriver).master as Pool;
}
