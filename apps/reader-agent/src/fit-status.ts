import { AgentStatus } from '#contracts/readers/agent';

/**
 * A driver's or vendor's odd word must not make the whole report be refused: what does not fit the contract is left blank, and the
 * reader is reported as faulty.
 *
 * @returns the names of the fields that did not fit, too
 */
export function fitStatus(given: AgentStatus): { status: AgentStatus; odd: string[] } {
  const faults = [...new Set(given.faults)];
  const parsed = AgentStatus.safeParse({ ...given, faults });
  if (parsed.success) return { status: parsed.data, odd: [] };
  const odd = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
  const fitting = <T>(name: string, value: T): T | null => (odd.includes(name) ? null : value);
  const { reader, sam } = given;
  return {
    odd,
    status: {
      ...given,
      reader: fitting('reader', reader),
      sam: { ...sam, serial: fitting('sam.serial', sam.serial), atr: fitting('sam.atr', sam.atr) },
      faults: [...new Set([...faults, 'READER_FAULT' as const])],
    },
  };
}
