/** Everything of a list that comes in pages. Whoever asks for a page has a deadline, which ends a list that does not. */
export async function allPages<T>(
  ask: (after: string | null) => Promise<{ items: readonly T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  do {
    const page = await ask(after);
    // not push(...): a page may be longer than a call has room for arguments
    for (const item of page.items) all.push(item);
    after = page.next;
  } while (after !== null);
  return all;
}
