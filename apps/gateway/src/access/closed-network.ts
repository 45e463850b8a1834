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
  if (!closedRanges.has(source.range())) return false;
  return rangesOf(networks).some(([base, bits]) => base.kind() === source.kind() && source.match(base, bits));
}

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** The same list is asked for each request of a client, so it is read once. */
const parsed = new WeakMap<readonly string[], Range[]>();

function rangesOf(networks: readonly string[]): Range[] {
  const known = parsed.get(networks);
  if (known) return known;
  const ranges = networks.map((network) => ipaddr.parseCIDR(network));
  parsed.set(networks, ranges);
  return ranges;
}
