import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'

/** Proxies that a request may have come through; what stands before them is not looked at. */
const MAX_HOPS = 32

/**
 * The addresses that proxies have named, the nearest first: of `X-Forwarded-For`, or of `Forwarded` (RFC 7239). A place
 * without an address (`unknown`, a made-up name, garbage) is undefined.
 *
 * A proxy writes one of the two headers, and passes on the other as its client sent it. Where both are there, neither can be
 * believed unless they agree.
 */
export function forwardedAddresses(headers: IncomingHttpHeaders): (string | undefined)[] {
  const list = headers['x-forwarded-for']
  const { forwarded } = headers
  if (list === undefined && forwarded === undefined) return []
  const byList = list === undefined ? undefined : readList([list].flat().join(','))
  const byForwarded = forwarded === undefined ? undefined : readForwarded(forwarded)
  if (byList === undefined || byForwarded === undefined) return byList ?? byForwarded ?? []
  const differs = byList.findIndex((address, i) => address !== byForwarded[i])
  return differs < 0 ? byList : byList.slice(0, differs)
}

function readList(header: string): (string | undefined)[] {
  return fromEnd(header.split(',')).map((hop) => readAddress(hop.trim()))
}

function readForwarded(header: string): (string | undefined)[] {
  return fromEnd(header.split(',')).map((hop) => {
    const node = /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)/i.exec(hop)?.[1]?.trim() ?? ''
    return readAddress(node.replace(/^"|"$/g, ''))
  })
}

function fromEnd(hops: string[]): string[] {
  return hops.slice(-MAX_HOPS).reverse()
}

/** With or without a port: `192.0.2.1:80`, `[2001:db8::1]:80`. */
function readAddress(text: string): string | undefined {
  const address = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  return isIP(address) === 0 ? undefined : address
}
