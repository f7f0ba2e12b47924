import { ROLES, type Role } from '@runnel/contracts'
import type { PeopleSettings } from './settings.ts'

export type Claims = Readonly<Record<string, unknown>>

/** For everybody who signs in. */
const EVERYBODY = '*'

/**
 * @param name of a claim, or of one within others with dots between them; a claim whose own name has dots comes first
 * @returns undefined where there is none
 */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Claims)[part]
  }
  return value
}

/**
 * The roles that the values of a claim make: text, or a list of it. An e-mail address counts where the provider has verified it.
 *
 * @returns every role that applies, none where a person may not do anything
 */
export function rolesOf(claims: Claims, { roleClaim, roles }: PeopleSettings['oidc']): Role[] {
  const isTrusted = roleClaim !== 'email' || claims['email_verified'] === true
  const values = new Set(isTrusted ? [claimOf(claims, roleClaim)].flat() : [])
  return ROLES.filter((role) => roles[role].some((value) => value === EVERYBODY || values.has(value)))
}
