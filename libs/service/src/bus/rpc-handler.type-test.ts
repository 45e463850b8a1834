/**
 * Not run but type-checked: the signature of a handler is held against its contract, and a caller gets the contract's
 * types. A line below `@ts-expect-error` that compiled would fail `npm run check`.
 */
import { z } from 'zod';
import { defineRpc } from '#contracts';
import type { RpcClient } from './rpc-client.js';
import { RpcHandler } from './rpc-handler.js';

const count = defineRpc({
  subject: 'test.count.v1',
  input: z.strictObject({ word: z.string() }),
  output: z.strictObject({ letters: z.int() }),
  errors: ['REQUEST_INVALID'],
});

export class Handlers {
  @RpcHandler(count)
  async right({ word }: { word: string }) {
    return { letters: word.length };
  }

  // @ts-expect-error the output has a number
  @RpcHandler(count)
  async wrongOutput({ word }: { word: string }) {
    return { letters: word };
  }

  // @ts-expect-error the input has no number
  @RpcHandler(count)
  async wrongInput({ word }: { word: number }) {
    return { letters: word };
  }
}

export async function callers(client: RpcClient): Promise<number> {
  // @ts-expect-error the input needs a word
  await client.call(count, {}, { deadlineMs: 1 });
  // @ts-expect-error every call names its deadline
  await client.call(count, { word: 'a' });
  const { letters } = await client.call(count, { word: 'a' }, { deadlineMs: 1 });
  return letters;
}

// @ts-expect-error the table of errors is closed
defineRpc({ subject: 'test.other.v1', input: z.string(), output: z.string(), errors: ['SOMETHING_NEW'] });
