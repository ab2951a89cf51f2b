import { BlockList, isIP, isIPv4 } from 'node:net'

/**
 * Whether an address is no public unicast one: loopback, private, link-local (a cloud's metadata
 * service), multicast, reserved. IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return PRIVATE.check(address, 'ipv4')
  // Text that is no address counts as private.
  return isIP(address) === 0 || !GLOBAL_UNICAST.check(address, 'ipv6') || PRIVATE.check(address, 'ipv6')
}

/** Whether the host of a URL is such an address, or a name of `localhost` (RFC 6761 §6.3). */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return isIP(host) !== 0 && isPrivateAddress(host)
}

const PRIVATE_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/**
 * Beside 2000::/3: addresses that embed an IPv4 one. Through NAT64 (RFC 6052) IPv6-only networks
 * reach public IPv4 addresses, and only those.
 */
const NAT64 = '64:ff9b::'
const MAPPED = '::ffff:'

const PRIVATE_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ...PRIVATE_IPV4.map(([network, prefix]) => [`${NAT64}${network}`, 96 + prefix] as const),
  ...PRIVATE_IPV4.map(([network, prefix]) => [`${MAPPED}${network}`, 96 + prefix] as const),
]

const GLOBAL_UNICAST = new BlockList()
for (const [network, prefix] of [
  ['2000::', 3],
  [NAT64, 96],
  [`${MAPPED}0.0.0.0`, 96],
] as const)
  GLOBAL_UNICAST.addSubnet(network, prefix, 'ipv6')

const PRIVATE = new BlockList()
for (const [network, prefix] of PRIVATE_IPV4) PRIVATE.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of PRIVATE_IPV6) PRIVATE.addSubnet(network, prefix, 'ipv6')
