import type { AdminEventEntry, AdminEventPage, RecordName } from '#contracts';
import type { Answered } from './browser.js';
import type { RunningStack } from './running-stack.js';

interface Reader {
  send(method: string, path: string): Promise<Answered>;
}

/** What stands on record of an institution, oldest first, page by page. */
export async function eventsOf(reader: Reader, institution: string, act?: RecordName): Promise<AdminEventEntry[]> {
  const events: AdminEventEntry[] = [];
  for (let next: string | null | undefined; next !== null;) {
    const query = new URLSearchParams({ limit: '20', ...(act ? { act } : {}), ...(next ? { before: next } : {}) });
    const { status, body } = await reader.send('GET', `${institution}/events?${query.toString()}`);
    if (status !== 200) throw new Error(`no events: ${JSON.stringify(body)}`);
    const page = body as unknown as AdminEventPage;
    events.push(...page.events);
    next = page.next;
  }
  return events.reverse();
}

/** One line of it: who did what, and why. */
export function told({ actor, act, after, reason }: AdminEventEntry): string {
  const proposed = act === 'proposal.propose' ? ` ${String(after?.act)}` : '';
  return `${actor.role ?? actor.kind} ${act}${proposed}${reason === null ? '' : `: ${reason}`}`;
}

/**
 * The versions of an office's agreement that its evidence of a month (Jakarta) or of all time cites, in the order of their
 * first evidence. For up to a second a gateway decides by what it read before a new version came into force.
 */
export async function versionsCited(
  stack: RunningStack,
  institutionId: string,
  month?: string,
): Promise<(number | null)[]> {
  const rows = await stack.sql<{ version: number | null }>(
    `SELECT version FROM verification.access_event AS event
     LEFT JOIN access.agreement_version ON agreement_version.id = event.agreement_version_id
     WHERE event.institution_id = $1
       AND coalesce(to_char(event.at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM') = $2, true)
     GROUP BY version ORDER BY min(event.at), min(event.id::text)`,
    [institutionId, month],
  );
  return rows.map(({ version }) => version);
}
