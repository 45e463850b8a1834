/**
 * How alike two texts are, 0..100: `100 x (1 - d / n)` rounded down, where `d` is the Levenshtein distance (insert,
 * delete, replace cost 1 each) and `n` the length of the longer text. Case and repeated blanks do not matter. Only equal
 * texts reach 100. The ministry's own measure is not public.
 */
export function similarity(left: string, right: string): number {
  const a = simplify(left);
  const b = simplify(right);
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return 100;
  return Math.floor((100 * (longer - levenshtein(a, b))) / longer);
}

/** Upper case, single blanks, trimmed. */
export function simplify(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toUpperCase();
}

function levenshtein(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replace = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
