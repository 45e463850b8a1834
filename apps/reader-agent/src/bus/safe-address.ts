/** Encrypted, or within this PC: a code, a key set or a card's data goes no other way. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return ['https:', 'tls:'].includes(protocol) || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
