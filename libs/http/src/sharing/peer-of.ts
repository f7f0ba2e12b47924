import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { forwardedAddresses } from './forwarded-addresses.ts'
import { createProxyTrust } from '../hosts/trusted-proxies.ts'

/** What says who sent a request: one of Fastify, or of Node. */
interface PeerRequest {
  readonly headers: IncomingHttpHeaders
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** The address of a client; empty where its connection is gone. */
export type AddressOf = (request: PeerRequest) => string

/** Who shares one part of a pool: an address, or the network of an IPv6 address. */
export type PeerOf = (request: PeerRequest) => string

/** @param addressOf see {@link createAddressOf} */
export function createPeerOf(addressOf: AddressOf): PeerOf {
  return (request) => networkOf(addressOf(request))
}

/**
 * A client is the address that a trusted proxy names, else the address of the connection. Proxies append to what they get, so
 * that the list is read from its end: the first address that is no trusted proxy is the client. What a client wrote itself
 * stands before that, and is not looked at.
 *
 * @param trustedProxies addresses and CIDR ranges; see the setting TRUSTED_PROXIES
 */
export function createAddressOf(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = createProxyTrust(trustedProxies)
  return ({ headers, socket }) => {
    let address = plainAddress(socket.remoteAddress ?? '')
    if (trustedProxies.length === 0 || !isTrusted(socket)) return address
    for (const next of forwardedAddresses(headers)) {
      if (next === undefined) break
      address = plainAddress(next)
      if (!isTrusted({ remoteAddress: address })) break
    }
    return address
  }
}

/** IPv4 as it is written, also where a socket for both shows it as IPv6. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

/** One client of IPv6 has a network of 2^64 addresses: they share one part. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [before = '', after = ''] = address.split('%', 1)[0]!.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === '' ? [] : after.split(':')
  const isShort = address.includes('::')
  const groups = isShort ? [...head, ...zeros(8 - head.length - tail.length), ...tail] : head
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

function zeros(count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => '0')
}
