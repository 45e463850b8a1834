import { receiptBalikanPackage, type Route } from '#contracts';
import type { Call } from './prepare.js';

/** JSON bytes of a list in one request: the gateway takes 64 KB, and there is something around the list. */
const mostBytes = 48_000;

/** The requests that a call needs, one after the other: more than one only for a receipt that names more than one holds. */
export function inParts({ operationId }: Route, call: Call): [Call, ...Call[]] {
  const { refusedRegisters: registers, part, last } = call.body ?? {};
  // who counts the parts has taken the list apart
  const isWhole = operationId === receiptBalikanPackage.operationId && part === undefined && last === undefined;
  if (!isWhole || !Array.isArray(registers)) return [call];
  const [first = [], ...more] = lists(registers);
  const makePart = (refusedRegisters: unknown[], at: number): Call => {
    const number = more.length === 0 ? {} : { part: at + 1, last: at === more.length };
    return { ...call, body: { ...call.body, refusedRegisters, ...number } };
  };
  return [makePart(first, 0), ...more.map((list, index) => makePart(list, index + 1))];
}

function lists(items: readonly unknown[]): unknown[][] {
  const all: unknown[][] = [];
  let left = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > left || all.length === 0) {
      all.push([]);
      left = mostBytes;
    }
    all.at(-1)?.push(item);
    left -= bytes;
  }
  return all;
}
