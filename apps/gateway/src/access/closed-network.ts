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
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === source.kind() && source.match(base, bits);
  });
}
