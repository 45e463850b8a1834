/** So many of them at a time, in their order; the first that fails ends it, and no other begins. */
export async function atOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  let failed = false;
  const turn = async () => {
    for (const [index, item] of waiting) {
      if (failed) return;
      results[index] = await work(item);
    }
  };
  const turns = Array.from({ length: Math.min(most, items.length) }, turn);
  await Promise.all(turns).finally(() => (failed = true));
  return results;
}
