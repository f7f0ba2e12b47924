import { isScope } from '@runnel/contracts'
import type { AppName } from '@runnel/contracts/apps'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Principal } from './principal.ts'

/** The header in which an app says on whose behalf it asks another one. */
export const IDENTITY_HEADER = 'runnel-identity'

/** For how long an identity is good, in milliseconds. */
const LIFETIME_MS = 30_000
/** By how much the clocks of two apps may differ. */
const TOLERANCE_MS = 30_000
const MAX_CHARACTERS = 8192

/** What an identity is bound to: it opens this request at this app, and nothing else. */
export interface IdentityTarget {
  readonly app: AppName
  readonly method: string
  /** Path and query. */
  readonly url: string
}

interface Claims extends Omit<Principal, 'scopes' | 'key'> {
  readonly scopes: readonly string[]
  readonly to: string
  readonly request: string
  readonly issuedAtMs: number
}

/** @returns the value of {@link IDENTITY_HEADER}: claims as base64url, a dot, and their HMAC-SHA-256 */
export function signIdentity(
  secret: string,
  { key: _, scopes, ...principal }: Principal,
  { app, method, url }: IdentityTarget,
  nowMs: number,
): string {
  const claims: Claims = {
    ...principal,
    scopes: [...scopes],
    to: app,
    request: `${method} ${normalise(url)}`,
    issuedAtMs: nowMs,
  }
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${text}.${macOf(secret, text).toString('base64url')}`
}

/**
 * @param secrets any of which may have signed it
 * @returns the principal; `expired` where it is signed, but of another time (or the clocks differ); `invalid` where it is not
 * signed with any of these secrets, or for another request or app
 */
export function readIdentity(
  secrets: readonly string[],
  header: string,
  { app, method, url }: IdentityTarget,
  nowMs: number,
): Principal | 'invalid' | 'expired' {
  const [text = '', mac = '', ...rest] = header.length > MAX_CHARACTERS ? [] : header.split('.')
  const given = Buffer.from(mac, 'base64url')
  if (rest.length > 0 || !secrets.some((secret) => isMacOf(secret, text, given))) return 'invalid'
  const claims = JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims
  const { to, request, issuedAtMs, scopes, ...principal } = claims
  if (to !== app || request !== `${method} ${normalise(url)}`) return 'invalid'
  const ageMs = nowMs - issuedAtMs
  if (ageMs < -TOLERANCE_MS || ageMs > LIFETIME_MS + TOLERANCE_MS) return 'expired'
  return { ...principal, scopes: new Set(scopes.filter(isScope)) }
}

/** On its way an address may be written in another way that means the same: `'` as `%27`. */
function normalise(url: string): string {
  if (!URL.canParse(url, 'http://localhost')) return url
  const { pathname, search } = new URL(url, 'http://localhost')
  return pathname + search
}

function isMacOf(secret: string, text: string, given: Buffer): boolean {
  const right = macOf(secret, text)
  return secret !== '' && given.length === right.length && timingSafeEqual(given, right)
}

function macOf(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
