/**
 * Asks until `done`, one question after the other.
 *
 * @throws when it is not within `boundMs`
 */
export async function waitFor<T>(ask: () => Promise<T>, done: (answer: T) => boolean, boundMs = 10_000): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (performance.now() - began > boundMs) throw new Error(`not within ${boundMs} ms`);
  }
}
