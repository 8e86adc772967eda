import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Address ranges that a directory URL must not lead to unless the operator allows it (threat 18). */
const inner = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inner.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inner.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address is this machine's, a private network's or otherwise not a public host; mapped IPv4 forms count as IPv4. */
export function isInnerAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return inner.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Resolves a name once to the address that is then connected to, so that a second answer cannot lead elsewhere. Refuses inner addresses. */
export async function publicAddress(hostname: string): Promise<string> {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(bare) ? [bare] : (await resolve(bare)).map((one) => one.address);
  const [first] = addresses;
  if (first === undefined) throw new Error('the peer’s name has no address');
  if (addresses.some(isInnerAddress)) throw new Error('the peer’s address is not a public one');
  return first;
}

function resolve(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, fail) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? fail(error) : done(addresses)));
  });
}
