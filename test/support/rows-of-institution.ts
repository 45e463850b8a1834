import type { RunningStack } from './running-stack.js';

/** Tables of the schema `access`, each with the condition for the rows of institution `$1`; null where nothing leads there. */
export type InstitutionTables = ReadonlyMap<string, string | null>;

interface Column {
  table: string;
  name: string;
}

/** Found by a column `institution_id` or along the foreign keys, so that a new table comes by itself. */
export async function findInstitutionTables(stack: RunningStack): Promise<InstitutionTables> {
  const tables = await stack.sql<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'access' AND table_type = 'BASE TABLE'",
  );
  const own = await stack.sql<Column>(
    `SELECT table_name AS table, column_name AS name FROM information_schema.columns
     WHERE table_schema = 'access' AND (column_name = 'institution_id' OR (table_name, column_name) = ('institution', 'id'))`,
  );
  const keys = await stack.sql<{ child: Column; parent: Column }>(
    `SELECT jsonb_build_object('table', child.relname, 'name', of_child.attname) AS child,
       jsonb_build_object('table', parent.relname, 'name', of_parent.attname) AS parent
     FROM pg_constraint AS key JOIN pg_class AS child ON child.oid = conrelid JOIN pg_class AS parent ON parent.oid = confrelid
       JOIN pg_attribute AS of_child ON of_child.attrelid = child.oid AND of_child.attnum = conkey[1]
       JOIN pg_attribute AS of_parent ON of_parent.attrelid = parent.oid AND of_parent.attnum = confkey[1]
     WHERE contype = 'f' AND connamespace = 'access'::regnamespace`,
  );
  const conditionOf = (table: string, seen: readonly string[] = []): string | null => {
    const column = own.find((one) => one.table === table);
    if (column) return `${column.name} = $1`;
    for (const { child, parent } of keys.filter(
      (key) => key.child.table === table && !seen.includes(key.parent.table),
    )) {
      const condition = conditionOf(parent.table, [...seen, table]);
      if (condition) return `${child.name} IN (SELECT ${parent.name} FROM access.${parent.table} WHERE ${condition})`;
    }
    return null;
  };
  return new Map(tables.map(({ name }) => [name, conditionOf(name)]));
}

/** Whatever could name an institution or its people: every text in its rows but for dates and words that many have. */
export async function textsOf(
  stack: RunningStack,
  tables: InstitutionTables,
  institutionId: string,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const [table, condition] of tables) {
    if (condition === null) continue;
    const rows = await stack.sql<{ row: unknown }>(
      `SELECT to_jsonb(one) AS row FROM access.${table} AS one WHERE ${condition}`,
      [institutionId],
    );
    found.set(table, new Set(rows.flatMap(({ row }) => telling(row))));
  }
  return found;
}

/** Every text inside of a value that tells something. */
export function telling(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(telling);
  if (typeof value !== 'string' || value.length < 5) return [];
  return /\d/.test(value) && !/^\d{4}-\d\d-\d\d/.test(value) ? [value.replace(/^\\x/, '')] : [];
}
