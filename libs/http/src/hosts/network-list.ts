import { BlockList, isIPv6 } from 'node:net'

/**
 * @param networks IP addresses, or networks such as `10.0.0.0/8`
 * @returns whether an address is one of them, or within one
 */
export function createNetworkList(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  // A socket on :: names addresses of IPv4 as ::ffff:10.0.0.1; a BlockList knows both forms.
  return (address) => list.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
