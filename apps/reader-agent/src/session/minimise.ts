import { inElementOrder, type ElementName } from '#contracts/elements';
import { CardElements } from '#contracts/readers/result';

/** Only what was ordered AND permitted leaves, whatever the device gave; a value that does not fit the contract is no element. */
export function minimise(
  given: unknown,
  ordered: readonly ElementName[],
  permitted: readonly ElementName[],
): CardElements {
  const source: Record<string, unknown> = typeof given === 'object' && given !== null ? { ...given } : {};
  const leaving = inElementOrder(ordered)
    .filter((name) => permitted.includes(name) && Object.hasOwn(source, name))
    .map((name) => [name, source[name]]);
  return CardElements.parse(Object.fromEntries(leaving));
}
