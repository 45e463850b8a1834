import type { OpenedEvent, UndeliveredRecord } from '#contracts';

// The lines of particulars.jsonl and undelivered.jsonl, without their newline.

export function particularsLine({ id, salt, content }: OpenedEvent): string {
  return JSON.stringify({ id, salt, content });
}

export function undeliveredLine({ id, verificationId, acceptedAt, state }: UndeliveredRecord): string {
  return JSON.stringify({ id, verificationId, acceptedAt, state });
}

/** Nothing when it is not a line of particulars.jsonl with exactly its keys. */
export function readParticularsLine(text: string): OpenedEvent | undefined {
  const value = readObject(text, ['id', 'salt', 'content']);
  if (value === undefined) return undefined;
  const { id, salt, content } = value;
  return typeof id === 'string' && typeof salt === 'string' && isObject(content) ? { id, salt, content } : undefined;
}

const states = ['WAITING', 'PACKED', 'DEAD'] as const;

/** Nothing when it is not a line of undelivered.jsonl with exactly its keys. */
export function readUndeliveredLine(text: string): UndeliveredRecord | undefined {
  const value = readObject(text, ['id', 'verificationId', 'acceptedAt', 'state']);
  const { id, verificationId, acceptedAt } = value ?? {};
  const state = states.find((one) => one === value?.state);
  if (typeof id !== 'string' || typeof verificationId !== 'string' || state === undefined) return undefined;
  if (typeof acceptedAt !== 'string' || Number.isNaN(Date.parse(acceptedAt))) return undefined;
  return { id, verificationId, acceptedAt, state };
}

/** Two readers may take different ones of two equal keys: a line is read as it would be written, or not at all. */
function readObject(text: string, keys: readonly string[]): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || Object.keys(value).join() !== keys.join()) return undefined;
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
