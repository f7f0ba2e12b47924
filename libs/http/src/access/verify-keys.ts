import { AppError } from '@runnel/contracts'
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createNetworkList } from '../hosts/network-list.ts'
import { hashSecret, parseKey } from './key-format.ts'
import type { KeyDirectory, KeyRecord } from './key-directory.ts'
import type { Principal } from './principal.ts'
import { readCredentials } from './read-credentials.ts'
import {
  accessUnavailable,
  credentialsRepeated,
  keyEnded,
  keyMistyped,
  networkNotAllowed,
  unauthenticated,
} from './refusals.ts'
import { VerifiedTexts, type VerifiedKey } from './verified-texts.ts'

/** Compared with where there is no such key, so that this takes as long. */
const NO_HASH = { sha256: Buffer.alloc(32) }

export interface KeyVerifier {
  /**
   * @param addressOf the caller; looked at only where a key is bound to networks
   * @param onRefused called with the id of a key whose secret was right, and which is refused all the same
   * @returns who it is, or AppError why not; undefined where there are no credentials
   */
  verify(
    headers: IncomingHttpHeaders,
    addressOf: () => string,
    onRefused?: (keyId: string) => void,
  ): Principal | AppError | undefined
}

/**
 * Verifies the keys of requests. What was verified is remembered by the header as it came, and compared with the directory at every
 * use: a change of the key counts at once.
 */
export function createKeyVerifier(keys: KeyDirectory, nowMs: () => number): KeyVerifier {
  const byAuthorization = new VerifiedTexts(keys)
  /** Of other headers, which hold the key alone. */
  const byText = new VerifiedTexts(keys)
  const find = (headers: IncomingHttpHeaders): VerifiedKey | AppError | undefined => {
    const { authorization } = headers
    const known = authorization === undefined ? undefined : byAuthorization.find(authorization)
    if (known !== undefined) return known
    const credentials = readCredentials(headers)
    if (credentials === undefined) return undefined
    if (credentials.isRepeated) return credentialsRepeated()
    const found = byText.find(credentials.text) ?? verifyText(keys, credentials.text)
    if (found instanceof AppError) return found
    if (credentials.isAuthorization) byAuthorization.add(authorization!, found)
    else byText.add(credentials.text, found)
    return found
  }
  return {
    verify: (headers, addressOf, onRefused) => {
      const found = find(headers)
      if (found === undefined) return undefined
      const { state } = keys
      if (state !== 'fresh') return accessUnavailable(state)
      if (found instanceof AppError) return found
      const now = nowMs()
      const refusal = refusalOf(found, addressOf, now)
      if (refusal !== undefined) {
        onRefused?.(found.record.id)
        return refusal
      }
      keys.noteUse(found.record.id, now)
      return found.principal
    },
  }
}

function verifyText(keys: KeyDirectory, text: string): VerifiedKey | AppError {
  const parsed = parseKey(text)
  if (parsed === 'mistyped') return keyMistyped()
  if (parsed === 'malformed') return unauthenticated(false)
  const record = keys.find(parsed.id)
  const sha256 = hashSecret(parsed.secret)
  // Every hash is compared: how long it takes says nothing about which one was right.
  const hashes = [...(record?.hashes ?? []), NO_HASH].filter((one) => timingSafeEqual(one.sha256, sha256))
  const hash = hashes[0]
  if (record === undefined || hash === undefined || hash === NO_HASH) return unauthenticated(false)
  const { networks } = record
  const isAllowedFrom = networks.length === 0 ? undefined : createNetworkList(networks)
  return { record, hash, principal: principalOf(record), isAllowedFrom }
}

function refusalOf({ record, hash, isAllowedFrom }: VerifiedKey, addressOf: () => string, nowMs: number) {
  const { revokedAtMs, expiresAtMs = Infinity } = record
  // The clock of this process may be behind the one that revoked it.
  if (revokedAtMs !== undefined) return keyEnded(record, 'key_revoked')
  if (nowMs >= expiresAtMs || nowMs >= (hash.validUntilMs ?? Infinity)) return keyEnded(record, 'key_expired')
  return !isAllowedFrom || isAllowedFrom(addressOf()) ? undefined : networkNotAllowed(record)
}

function principalOf(key: KeyRecord): Principal {
  const { id, name, scopes, kind, namespace } = key
  return { kind: 'key', id, name, scopes, isTest: kind === 'test', namespace, key }
}
