import type pg from 'pg';

export interface Table {
  /** Quoted, with its schema. */
  name: string;
  /** Quoted columns of types that PostgreSQL may pack. */
  variable: string[];
}

/** All tables of a database, those of PostgreSQL itself too: statistics and large objects hold values as well. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT format('%I.%I', nspname, relname) AS name,
       array(SELECT quote_ident(attname) FROM pg_attribute
         WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped AND attlen = -1) AS variable
     FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE relkind IN ('r', 'm') AND relpersistence <> 't' ORDER BY 1`,
  );
  return rows;
}
