import { AppError, parseTimestamp, SCOPES, type Scope } from '@runnel/contracts'
import type { KeyInput } from '@runnel/contracts/api/access-key'
import { createKey } from '@runnel/http'
import type { NewKey } from '@runnel/repositories-access'
import { isNetwork } from '@runnel/runtime'

const NETWORK_EXPECTED = 'IP addresses, or networks such as 10.0.0.0/8'

/** A key that is to be stored, and its text, which is to be shown once. */
export interface IssuedText {
  readonly key: NewKey
  readonly text: string
}

/**
 * Makes a key of what was asked for.
 *
 * @throws AppError `invalid_field` where it has expired already, or a network is malformed
 */
export function toNewKey(input: KeyInput, nowMs: number): IssuedText {
  const { id, sha256, text } = createKey()
  const { name, kind = 'live', networks = [], namespace = '', quotas = {} } = input
  networks.forEach(requireNetwork)
  const expiresAt = input.expiresAt === undefined ? null : new Date(parseTimestamp(input.expiresAt) ?? NaN)
  if (expiresAt !== null && !(expiresAt.getTime() > nowMs))
    throw new AppError('invalid_field', 'The key would have expired already', {
      field: '/expiresAt',
      expected: 'a time to come, as RFC 3339',
    })
  // Told apart by a person: blanks around a name are never meant.
  const key = { id, sha256, kind, networks, namespace, quotas, expiresAt, name: name.trim() }
  return { key: { ...key, scopes: inOrder(input.scopes) }, text }
}

/** Makes the key that the first start prints. */
export function toAdminKey(): IssuedText {
  return toNewKey({ name: 'first admin key', scopes: [...SCOPES] }, 0)
}

function inOrder(scopes: readonly Scope[]): Scope[] {
  return SCOPES.filter((scope) => scopes.includes(scope))
}

function requireNetwork(network: string, place: number): void {
  if (isNetwork(network)) return
  throw new AppError('invalid_field', `${JSON.stringify(network)} is no network`, {
    field: `/networks/${place}`,
    expected: NETWORK_EXPECTED,
  })
}
