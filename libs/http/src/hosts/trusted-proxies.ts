import { BlockList, isIPv6 } from 'node:net'

/**
 * @param networks IP addresses, or networks such as `10.0.0.0/8`
 * @returns whether the headers of what comes over a connection may be believed
 */
export function createProxyTrust(
  networks: readonly string[],
): (socket: { readonly remoteAddress?: string | undefined }) => boolean {
  const trusted = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  // A socket on :: names addresses of IPv4 as ::ffff:10.0.0.1; a BlockList knows both forms.
  return ({ remoteAddress: address }) =>
    address !== undefined && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
