import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const closedRanges = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Whether a source address lies inside one of the ranges. A public address never does, whatever the ranges say: the
 * access is for the closed network only (O-02).
 *
 * @param address as the gateway saw it, or as a configured proxy told it
 * @param networks CIDR
 */
export function isInsideClosedNetwork(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const source = ipaddr.process(address);
  return closedRanges.has(source.range()) && isWithinOneOf(address, networks);
}

/**
 * Whether an address lies inside one of the ranges; IPv4 written as IPv6 is IPv4.
 *
 * @param ranges CIDR, or single addresses
 */
export function isWithinOneOf(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const source = ipaddr.process(address);
  return rangesOf(ranges).some(([base, bits]) => base.kind() === source.kind() && source.match(base, bits));
}

/** Whether the text can be one of those ranges. */
export const isRange = (text: string): boolean =>
  // ipaddr.js alone reads 10.1.2 as 10.1.0.2
  isIP(text.split('/', 1)[0] ?? '') !== 0 && (!text.includes('/') || ipaddr.isValidCIDR(text));

/** Whether all addresses of a CIDR range are of a closed network (O-02); `false` also for what is not CIDR. */
export function isClosedRange(network: string): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === 'ipv4' ? withinAny(base, bits, closedIpv4) : withinAny(base, bits, closedIpv6);
}

/** What is wrong with a range as somebody wrote it, in Indonesian; undefined when nothing is. */
export function faultOfNetwork(network: string): string | undefined {
  if (!isClosedRange(network)) return 'Hanya jaringan tertutup: rentang alamat privat, bukan internet umum.';
  // PostgreSQL's cidr takes a range only by its first address
  const [base, bits] = ipaddr.parseCIDR(network);
  const family = base.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = family.networkAddressFromCIDR(network).toString();
  return first === base.toString() ? undefined : `Tulis alamat pertama rentang ini: ${first}/${bits}.`;
}

const closedIpv4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'];
const closedIpv6 = ['fc00::/7', 'fe80::/10', '::1/128'];

function withinAny(base: ReturnType<typeof ipaddr.parse>, bits: number, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const [outer, outerBits] = ipaddr.parseCIDR(range);
    return bits >= outerBits && base.match(outer, outerBits);
  });
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** The same list is asked for each request of a client, so it is read once. */
const parsed = new WeakMap<readonly string[], Range[]>();

function rangesOf(networks: readonly string[]): Range[] {
  const known = parsed.get(networks);
  if (known) return known;
  const ranges = networks.map((network) => (network.includes('/') ? ipaddr.parseCIDR(network) : single(network)));
  parsed.set(networks, ranges);
  return ranges;
}

function single(address: string): Range {
  const base = ipaddr.process(address);
  return base.kind() === 'ipv4' ? [base, 32] : [base, 128];
}
