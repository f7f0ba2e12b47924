import { isIPv4 } from 'node:net'

/** @returns whether browsers trust a plain http origin of this name: they keep cookies with `Secure` there */
export function isLoopbackName(hostname: string): boolean {
  const name = hostname.toLowerCase()
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    (isIPv4(name) && name.startsWith('127.'))
  )
}
