/** What a stranger wrote, for a screen or paper: nothing that moves the cursor or turns the writing round, and not too much. */
export function printable(text: string, longest = 600): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ').trim();
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}
