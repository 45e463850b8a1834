import type { DeliveryFailure } from '#contracts';

/** What became of one record, as far as the ministry's answer tells. Its text is never kept: it may quote a person. */
export type Outcome =
  | { delivered: 'SUCCESS' | 'ALREADY_SENT' }
  | { failed: Extract<DeliveryFailure, 'REFUSED' | 'ACCESS_BROKEN' | 'UNAVAILABLE' | 'TIMEOUT' | 'UNKNOWN_ANSWER'> };

const failed = (code: Extract<Outcome, { failed: unknown }>['failed']): Outcome => ({ failed: code });

/** Statuses that are about what was sent. Another one (404, 413, 415, 419) is about the way there, whatever its text says. */
const ofRecord = new Set([400, 409, 422]);
/** Only at the beginning: a refusal may quote the business of the record, and some sell a "token listrik". */
const ofToken = [
  /^((the|a|your) )?((access|bearer|auth\w*) )?token\b.*\b(invalid|expired|salah|tidak|habis|\w*daluw?arsa|required|missing|not|absent)\b/,
  /^(no|(invalid|expired|missing)( or (invalid|expired|missing))?) ((access|bearer|auth\w*) )?token\b/,
  /^(unauthori[sz]ed|unauthenticated|forbidden)$/,
];

/**
 * Reads an answer of the store by its `message`, whatever its case and punctuation (DOMAIN: judged by message, not by the
 * status alone). What is not known to be delivered is sent again, because the ministry knows a duplicate.
 *
 * @param text undefined where it was too large or no UTF-8
 */
export function readAnswer(status: number, text: string | undefined): Outcome {
  const message = findMessage(text);
  if (message?.startsWith('data sudah pernah dikirim')) return { delivered: 'ALREADY_SENT' };
  if (message === 'success' && status >= 200 && status < 300) return { delivered: 'SUCCESS' };
  if (status === 401 || status === 403) return failed('ACCESS_BROKEN');
  if (status >= 400 && !ofRecord.has(status)) return failed('UNAVAILABLE');
  if (message === undefined) return failed(isHtml(text) ? 'UNAVAILABLE' : 'UNKNOWN_ANSWER');
  if (ofToken.some((known) => known.test(message))) return failed('ACCESS_BROKEN');
  return failed(status >= 400 ? 'REFUSED' : 'UNKNOWN_ANSWER');
}

/** In small letters, one blank between words. */
function findMessage(text: string | undefined): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  const only: unknown = Array.isArray(body) && body.length === 1 ? body[0] : body;
  if (typeof only !== 'object' || only === null) return undefined;
  const message: unknown = Object.entries(only).find(([key]) => key.toLowerCase() === 'message')?.[1];
  if (typeof message !== 'string') return undefined;
  return message
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

const isHtml = (text: string | undefined): boolean => /^\s*<(!doctype|html|head|body)\b/i.test(text ?? '');
