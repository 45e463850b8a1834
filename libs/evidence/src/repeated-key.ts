const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/** Whether some object in a valid JSON text has the same key twice, however it is escaped. */
export function hasRepeatedKey(json: string): boolean {
  const open: Set<unknown>[] = [];
  for (const [whole, text, colon] of json.matchAll(token)) {
    if (whole === '{') open.push(new Set());
    else if (whole === '}') open.pop();
    else if (colon !== undefined) {
      const key: unknown = JSON.parse(text!);
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
  }
  return false;
}
