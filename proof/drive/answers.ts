import { createHash } from 'node:crypto';

export interface Answer {
  status: number;
  /** The outcome, the code of the problem, or the status. */
  result: string;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

/** An answer that is not the look-up's own: nothing of a person belongs in it, and whoever asks may keep it. */
export interface KeptAnswer {
  /** The route, never the address as it was sent. */
  where: string;
  text: string;
}

export function readAnswer(status: number, headers: Headers, text: string): Answer {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    // a picture, a document, figures
  }
  const told = body.outcome ?? body.code;
  return { status, headers, text, body, result: typeof told === 'string' ? told : String(status) };
}

/** Answers for the search at the end; one that says the same but for its ids is kept once. */
export class AnswerBook {
  private readonly kept = new Map<string, KeptAnswer>();

  get all(): KeptAnswer[] {
    return [...this.kept.values()];
  }

  add(where: string, { status, headers, text }: Answer): void {
    const told = `${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${text}`;
    const likeness = told
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')
      .replace(/^(date|x-correlation-id):.*$/gim, '');
    const key = createHash('sha256').update(`${where} ${status} ${likeness}`).digest('base64');
    this.kept.set(key, { where: `${where}: ${status}`, text: told });
  }
}
