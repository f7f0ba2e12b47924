import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'

/** What of ASCII stands in domains. A URL ends its host at others, such as `/`: what follows would be cut off. */
const PLAIN = /^[\w.\-\u0080-\u{10ffff}]+$/u

const LABEL = /^(?!-)[\w-]{1,63}(?<!-)$/

const MAX_ASCII_CHARACTERS = 253

/** @returns a domain as servers know it, such as `xn--mnchen-3ya.de`; undefined where it is none */
export function toAsciiDomain(domain: string): string | undefined {
  if (!PLAIN.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  const isDomain = ascii.length <= MAX_ASCII_CHARACTERS && isIP(ascii) === 0
  return isDomain && ascii.split('.').every((label) => LABEL.test(label)) ? ascii : undefined
}

/** @returns a domain as people read it, such as `münchen.de`, the same for all its forms; undefined where it is none */
export function toReadableDomain(domain: string): string | undefined {
  const ascii = toAsciiDomain(domain)
  return ascii === undefined ? undefined : domainToUnicode(ascii)
}
