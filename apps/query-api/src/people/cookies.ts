import type { IncomingHttpHeaders } from 'node:http'

/**
 * Browsers keep a cookie of this prefix only with `Secure`, `Path=/` and no `Domain`: no other host, and nothing that reads along, can
 * set or get it.
 */
const PREFIX = '__Host-'

export const SESSION_COOKIE = `${PREFIX}runnel-session`
export const SIGN_IN_COOKIE = `${PREFIX}runnel-sign-in`

const MAX_CHARACTERS = 4096

/** @returns the value of a cookie; undefined where it is missing, or given more than once */
export function readCookie({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  if (cookie === undefined || !cookie.includes(name)) return undefined
  const values = cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && value.length <= MAX_CHARACTERS ? value : undefined
}

/** Scripts cannot read it, and requests that pages of other sites make do not bring it along; links to here do. */
export function writeCookie(name: string, value: string, maxAgeMs: number): string {
  return `${name}=${value}; Path=/; Max-Age=${Math.floor(maxAgeMs / 1000)}; Secure; HttpOnly; SameSite=Lax`
}

export function clearCookie(name: string): string {
  return writeCookie(name, '', 0)
}
