import { isIPv4, isIPv6 } from 'node:net'

export type HostVerdict = 'allowed' | 'refused' | 'malformed'

/** `name`, `name:port`, `[IPv6]` or `[IPv6]:port`; RFC 9110 7.2, without what no client sends, such as percent signs in names. */
const AUTHORITY = /^(?:\[([\da-f:.]{2,45}(?:%[\w.~%-]{1,64})?)\]|([\w.-]{1,254}))(?::\d{0,5})?$/i
/** Texts that were allowed before, so that a request costs one look-up. Their number is bounded: addresses are many. */
const MAX_KNOWN = 256

/**
 * @param allowedNames besides IP addresses, `localhost` and `*.localhost`: those no name server can point elsewhere
 * @returns judges the authority that a request names, as it came
 */
export function createHostJudge(allowedNames: readonly string[]): (authority: string) => HostVerdict {
  const names = new Set(allowedNames)
  const known = new Set<string>()
  return (authority) => {
    if (known.has(authority)) return 'allowed'
    const name = nameOf(authority)
    if (name === undefined) return 'malformed'
    if (!isLocal(name) && !names.has(name)) return 'refused'
    if (known.size >= MAX_KNOWN) known.clear()
    known.add(authority)
    return 'allowed'
  }
}

/** The host in lower case without its port and a last dot; addresses in the form that browsers make of them. */
function nameOf(authority: string): string | undefined {
  const [, address, name] = AUTHORITY.exec(authority) ?? []
  if (address !== undefined) return isIPv6(address) ? address : undefined
  if (name === undefined || !URL.canParse(`http://${authority}`)) return undefined
  return new URL(`http://${authority}`).hostname.replace(/\.$/, '')
}

function isLocal(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isIPv4(name) || isIPv6(name)
}
