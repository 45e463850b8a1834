import type { Role } from '#contracts';
import { addOperator } from './office-parts.js';
import { ofOwnPage, openSessions } from './open-session.js';
import type { OfficeFile, RunningStack } from './running-stack.js';

const workUnits: Partial<Record<Role, string>> = { operator: 'Seksi Pelayanan', camat: 'Camat', admin: 'Sekretariat' };

/** One of each role of a kecamatan, named by it, with an NDA; the operator of the office stays who it is. */
export function addOfficials(file: OfficeFile): void {
  Object.assign(file.operators[0] ?? {}, { workUnit: workUnits.operator });
  for (const role of ['camat', 'admin'] as const)
    addOperator(file, role, {
      role,
      fullName: `Pejabat ${role}`,
      ...(workUnits[role] ? { workUnit: workUnits[role] } : {}),
    });
}

/** Headers of a session of each of them, by User ID lokal. */
export async function sessionsOf(
  stack: RunningStack,
  regionCode: string,
): Promise<Record<string, Record<string, string>>> {
  const rows = await stack.sql<{ id: string; name: string }>(
    `SELECT operator.id, user_id_lokal AS name FROM access.operator JOIN access.institution ON institution.id = institution_id
     WHERE region_code = $1`,
    [regionCode],
  );
  const opened = await openSessions(
    stack,
    rows.map(({ id }) => ({ operatorId: id })),
  );
  return Object.fromEntries(
    rows.map(({ name }, index) => [name, ofOwnPage(opened[index] ?? { cookie: '', csrf: '' })]),
  );
}

/** A Disdukcapil whose evaluator oversees the kecamatan of its kabupaten; headers of the evaluator's session. */
export async function addEvaluator(stack: RunningStack, regionCode: string): Promise<Record<string, string>> {
  await stack.provision({
    institution: { name: `Disdukcapil Uji ${regionCode}`, regionCode },
    operators: [{ userIdLokal: 'evaluator', fullName: 'Evaluator Uji', role: 'evaluator', activeFrom: '2026-01-01' }],
    clients: [],
  });
  return (await sessionsOf(stack, regionCode)).evaluator ?? {};
}
