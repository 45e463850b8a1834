import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds: 180 days. */
export const deviceLifetime = 180 * 86_400;

/** People who share one computer; beyond them whoever was longest away is a stranger again. */
const mostPeople = 16;

const idBytes = 12;
const expiryBytes = 4;
const macBytes = 16;
const entryForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * OWASP "Slow Down Online Guessing Attacks with Device Cookies": a browser shows that this person has logged in with it.
 * One entry a person: random id, expiry, HMAC over both and the name, so that it counts for that name only and tells nobody
 * whose it is.
 *
 * @returns id of the entry for this name, or undefined: an unknown browser
 */
export function findDevice(key: Buffer, cookie: string | undefined, username: string, now: Date): string | undefined {
  for (const entry of entriesOf(cookie)) {
    const bytes = Buffer.from(entry, 'base64url');
    const signed = bytes.subarray(0, idBytes + expiryBytes);
    if (!timingSafeEqual(bytes.subarray(idBytes + expiryBytes), macOf(key, signed, username))) continue;
    if (signed.readUInt32BE(idBytes) * 1000 > now.getTime()) return signed.subarray(0, idBytes).toString('base64url');
  }
  return undefined;
}

/** The cookie with a new entry for this name in place of its last one. */
export function addDevice(key: Buffer, cookie: string | undefined, username: string, now: Date): string {
  const known = findDevice(key, cookie, username, now);
  const others = entriesOf(cookie).filter((entry) => known === undefined || !entry.startsWith(known));
  const expiry = Buffer.alloc(expiryBytes);
  expiry.writeUInt32BE(Math.floor(now.getTime() / 1000) + deviceLifetime);
  const signed = Buffer.concat([randomBytes(idBytes), expiry]);
  const entry = Buffer.concat([signed, macOf(key, signed, username)]).toString('base64url');
  return [entry, ...others].slice(0, mostPeople).join('.');
}

const entriesOf = (cookie: string | undefined): string[] =>
  (cookie ?? '').split('.', mostPeople).filter((entry) => entryForm.test(entry));

const macOf = (key: Buffer, signed: Buffer, username: string): Buffer =>
  createHmac('sha256', key).update(signed).update(username).digest().subarray(0, macBytes);
