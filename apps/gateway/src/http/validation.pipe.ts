import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ElementName, purposeRequired, type ErrorCode } from '#contracts';
import { AppError } from '#service';
import { AccessRefused } from '../access/access-refused.js';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  /** Of zod: the names that the contract does not know. */
  keys?: readonly string[];
}

/** Bodies and queries against the contract: every fault at once, and a code of its own where the caller can act on it. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const found = (issues as readonly Issue[]).map((issue) => ({ path: pathOf(issue), message: messageOf(issue) }));
    const code = codeOf(found);
    const extras = { issues: found.slice(0, 50) };
    return code === 'REQUEST_INVALID' ? new AppError(code, extras) : new AccessRefused(code, extras);
  },
});

function codeOf(issues: { path: string; message: string }[]): ErrorCode {
  if (issues.length === 1 && issues[0]?.path === 'purpose' && issues[0].message === purposeRequired)
    return 'PURPOSE_REQUIRED';
  // an element that the agreement does not even know is not granted either (O-01)
  if (issues.every(({ path, message }) => /^fields\.\d+$/.test(path) && message === elementMessage()))
    return 'FIELD_NOT_GRANTED';
  return 'REQUEST_INVALID';
}

/** Asked each time: the language of the messages is set after this module is loaded. */
const elementMessage = (): string => ElementName.safeParse('?').error?.issues[0]?.message ?? '';

/** A name that nobody foresaw is told back only if it looks like one: whoever mixes up names and values sends a person here. */
function messageOf({ message, keys }: Issue): string {
  if (!keys || keys.every((key) => /^[a-z][A-Za-z_]{0,39}$/.test(key))) return message;
  return `Ada ${keys.length} isian yang tidak dikenal. Kirim hanya isian yang tertulis di /docs.`;
}

function pathOf(issue: Issue): string {
  return (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');
}
