import { purpose, type RunningStack } from './running-stack.js';
import type { ReaderOffice } from './reader-office.js';

export interface ReadEvents {
  status: number;
  type: string;
  /** Of the answer, where it is no stream. */
  problem: { code?: string };
  /** The next one; undefined when the stream is over. */
  next(): Promise<{ event: string; data: Record<string, unknown> } | undefined>;
  /** All that is left. */
  rest(): Promise<{ event: string; data: Record<string, unknown> }[]>;
  /** Hangs up. */
  hangUp(): void;
}

/** One read as server-sent events. */
export async function readEvents(
  stack: RunningStack,
  { token, reader }: Pick<ReaderOffice, 'token' | 'reader'>,
  body: object = {},
  url = stack.url,
): Promise<ReadEvents> {
  const controller = new AbortController();
  const response = await fetch(`${url}/v1/readers/${reader.id}/reads`, {
    method: 'POST',
    signal: controller.signal,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ purpose, ...body }),
  });
  const type = response.headers.get('content-type') ?? '';
  const isStream = type.startsWith('text/event-stream');
  const events = isStream ? eventsOf(response) : undefined;
  const next = async () => (await events?.next())?.value ?? undefined;
  return {
    status: response.status,
    type,
    problem: isStream ? {} : ((await response.json()) as { code?: string }),
    next,
    rest: async () => {
      const all = [];
      for (let one = await next(); one; one = await next()) all.push(one);
      return all;
    },
    hangUp: () => controller.abort(),
  };
}

async function* eventsOf(response: Response) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as Record<string, unknown> };
    }
  }
}
