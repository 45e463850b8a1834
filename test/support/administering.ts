import { expect } from '@jest/globals';
import { errors, type ErrorCode } from '#contracts';
import type { Answered } from './browser.js';

interface Person {
  send(method: string, path: string, body?: unknown): Promise<Answered>;
}

/** What somebody is let do. @returns the answer's body */
export async function does<T = Record<string, unknown>>(
  who: Person,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await who.send(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** What somebody is not let do. @returns the problem */
export async function refused(
  who: Person,
  method: string,
  path: string,
  body: object,
  code: ErrorCode,
): Promise<{ issues?: { path: string }[] }> {
  const answer = await who.send(method, path, body);
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: errors[code].status, body: { code } });
  return answer.body;
}
