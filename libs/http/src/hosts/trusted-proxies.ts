import { createNetworkList } from './network-list.ts'

/**
 * @param networks IP addresses, or networks such as `10.0.0.0/8`
 * @returns whether the headers of what comes over a connection may be believed
 */
export function createProxyTrust(
  networks: readonly string[],
): (socket: { readonly remoteAddress?: string | undefined }) => boolean {
  const isTrusted = createNetworkList(networks)
  return ({ remoteAddress: address }) => address !== undefined && isTrusted(address)
}
