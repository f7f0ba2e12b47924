import { AppError } from '@runnel/contracts'
import { timingSafeEqual } from 'node:crypto'
import { createProxyTrust } from '../hosts/trusted-proxies.ts'
import { hashSecret, parseKey } from './key-format.ts'
import type { KeyDirectory, KeyRecord } from './key-directory.ts'
import type { Principal } from './principal.ts'
import { accessUnavailable, keyEnded, keyMistyped, networkNotAllowed, unauthenticated } from './refusals.ts'

/** Keys whose text was verified. Only right ones get here, so that wrong ones cannot fill it. */
const MAX_VERIFIED = 10_000

/** Compared with where there is no such key, so that this takes as long. */
const NO_HASH = { sha256: Buffer.alloc(32) }

interface Verified {
  readonly record: KeyRecord
  readonly hash: KeyRecord['hashes'][number]
  readonly principal: Principal
  /** Undefined: from everywhere. */
  readonly isAllowedFrom: ((address: string) => boolean) | undefined
}

export interface KeyVerifier {
  /**
   * @param text of the key
   * @param addressOf the caller; looked at only where a key is bound to networks
   * @returns who it is, or AppError why not
   */
  verify(text: string, addressOf: () => string): Principal | AppError
}

/**
 * Verifies the texts of keys. What was verified is remembered, and compared with the directory at every use: a change of the key
 * counts at once.
 */
export function createKeyVerifier(
  keys: KeyDirectory,
  nowMs: () => number,
  maxVerified = MAX_VERIFIED,
): KeyVerifier {
  const verified = new Map<string, Verified>()
  const find = (text: string): Verified | AppError => {
    const known = verified.get(text)
    if (known !== undefined) {
      if (keys.find(known.record.id) === known.record) return known
      verified.delete(text)
    }
    const found = verifyText(keys, text)
    if (found instanceof AppError) return found
    if (verified.size >= maxVerified) verified.delete(verified.keys().next().value!)
    verified.set(text, found)
    return found
  }
  return {
    verify: (text, addressOf) => {
      const { state } = keys
      if (state !== 'fresh') return accessUnavailable(state)
      const found = find(text)
      if (found instanceof AppError) return found
      const refusal = refusalOf(found, addressOf, nowMs())
      if (refusal !== undefined) return refusal
      keys.noteUse(found.record.id)
      return found.principal
    },
  }
}

function verifyText(keys: KeyDirectory, text: string): Verified | AppError {
  const parsed = parseKey(text)
  if (parsed === 'mistyped') return keyMistyped()
  if (parsed === 'malformed') return unauthenticated(false)
  const record = keys.find(parsed.id)
  const sha256 = hashSecret(parsed.secret)
  // Every hash is compared: how long it takes says nothing about which one was right.
  const hashes = [...(record?.hashes ?? []), NO_HASH].filter((one) => timingSafeEqual(one.sha256, sha256))
  const hash = hashes[0]
  if (record === undefined || hash === undefined || hash === NO_HASH) return unauthenticated(false)
  return { record, hash, principal: principalOf(record), isAllowedFrom: createNetworkCheck(record.networks) }
}

function refusalOf({ record, hash, isAllowedFrom }: Verified, addressOf: () => string, nowMs: number) {
  const { revokedAtMs, expiresAtMs = Infinity } = record
  // The clock of this process may be behind the one that revoked it.
  if (revokedAtMs !== undefined) return keyEnded(record, 'key_revoked')
  if (nowMs >= expiresAtMs || nowMs >= (hash.validUntilMs ?? Infinity)) return keyEnded(record, 'key_expired')
  return !isAllowedFrom || isAllowedFrom(addressOf()) ? undefined : networkNotAllowed(record)
}

function principalOf({ id, name, scopes, kind, namespace }: KeyRecord): Principal {
  return { kind: 'key', id, name, scopes, isTest: kind === 'test', namespace }
}

function createNetworkCheck(networks: readonly string[]): Verified['isAllowedFrom'] {
  if (networks.length === 0) return undefined
  const isWithin = createProxyTrust(networks)
  return (remoteAddress) => isWithin({ remoteAddress })
}
