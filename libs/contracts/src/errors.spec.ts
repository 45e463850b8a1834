import { describe, expect, test } from '@jest/globals';
import { errorCodes, errors } from './errors.js';

/** Words that an Indonesian sentence of advice is made of; English has none of them. */
const indonesian =
  /\b(yang|dan|atau|lalu|tidak|belum|sudah|ini|di|dengan|untuk|perbaiki|hubungi|gunakan|minta|coba|kirim|tunggu|sebutkan)\b/i;
const english = /\b(the|is|not|please|your|again|has|request|was)\b/i;

describe.each(errorCodes)('%s', (code) => {
  const { status, title, detail, retryable, logLevel } = errors[code];

  test('has an Indonesian detail that is a sentence', () => {
    expect(detail).toMatch(indonesian);
    expect(detail).not.toMatch(english);
    expect(detail).toMatch(/^[A-Z].*\.$/);
  });

  test('has an English title', () => {
    expect(title).toMatch(/^[A-Z][^.]*$/);
    expect(title).not.toMatch(/\b(yang|tidak|belum|dan|hubungi)\b/i);
  });

  test('has a status of an error', () => {
    expect([400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 431, 500, 502, 503, 504]).toContain(status);
  });

  test('can be retried unchanged only where time can mend it', () => {
    if (retryable) expect([409, 429, 503, 504]).toContain(status);
    // a silence is always worth another try; so is what the next minute mends; the quota of the day comes back at midnight
    if (status === 504) expect(retryable).toBe(true);
    const minutes: string[] = ['REQUEST_IN_PROGRESS', 'NOT_IN_CHECKPOINT', 'READER_BUSY'];
    if (status < 429 && !minutes.includes(code)) expect(retryable).toBe(false);
  });

  test('is logged as loud as it is ours to mend', () => {
    if (status === 500) expect(logLevel).toBe('error');
    if (status > 500) expect(['warn', 'error']).toContain(logLevel);
    if (status < 500) expect(logLevel === 'error').toBe(['QUOTA_NOT_GRANTED', 'EVIDENCE_MISMATCH'].includes(code));
  });
});

test('what cannot be retried above 500 is what a person must mend first', () => {
  const stuck = errorCodes.filter((code) => errors[code].status >= 500 && !errors[code].retryable);
  expect(stuck.sort()).toEqual([
    'EVIDENCE_CONFLICT',
    'EVIDENCE_ROLLED_BACK',
    'INTERNAL_ERROR',
    'UPSTREAM_ACCESS_BROKEN',
    'UPSTREAM_NOT_CONFIGURED',
    'UPSTREAM_UNKNOWN',
  ]);
});

test('codes that other systems rely on are there, with their status', () => {
  const expected = {
    AGREEMENT_ENDED: 403,
    AGREEMENT_NOT_STARTED: 403,
    SPTJM_MISSING: 403,
    NDA_MISSING: 403,
    OPERATOR_INACTIVE: 403,
    CLIENT_REVOKED: 403,
    NETWORK_NOT_ALLOWED: 403,
    FIELD_NOT_GRANTED: 403,
    PURPOSE_REQUIRED: 422,
    NIK_INVALID: 422,
    NIK_NEEDS_CONFIRMATION: 409,
    RATE_LIMITED: 429,
    QUOTA_EXHAUSTED: 429,
    UPSTREAM_CLOSED: 503,
    UPSTREAM_ACCESS_BROKEN: 503,
    UPSTREAM_UNAVAILABLE: 503,
    UPSTREAM_TIMEOUT: 504,
    UPSTREAM_UNKNOWN: 502,
  } as const;
  for (const [code, status] of Object.entries(expected))
    expect({ code, status: errors[code as keyof typeof expected].status }).toEqual({ code, status });
});
