import { createNetworkList } from '@runnel/http'
import { isIP } from 'node:net'

/**
 * Networks that no address of a client may lead to: those of this machine, private and shared ones, links, tests, multicast, and
 * forms that hide an address of IPv4 in one of IPv6. By the registries of special purposes (RFC 6890 and what follows it).
 */
const CLOSED: readonly string[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]

/** The address leads to a network that is not open to webhooks. */
export class ClosedNetworkError extends Error {
  constructor() {
    super('the address leads to a private network; WEBHOOK_ALLOWED_NETWORKS names those that are allowed')
  }
}

/**
 * @param allowed IP addresses, or networks such as `10.0.0.0/8`, that are open all the same
 * @returns whether a connection to an IP address may be made
 */
export function createNetworkGuard(allowed: readonly string[]): (address: string) => boolean {
  const isClosed = createNetworkList(CLOSED)
  const isAllowed = createNetworkList(allowed)
  return (address) => {
    // A zone, as in fe80::1%eth0, belongs to a link of this machine.
    if (isIP(address) === 0 || address.includes('%')) return false
    return isAllowed(address) || !isClosed(address)
  }
}
