import { isScope, type KeyQuotas, type Scope } from '@runnel/contracts'
import { isKeyId, type KeyRecord } from '@runnel/http'

/** A key as it is since a version. */
export interface KeyChange extends KeyRecord {
  readonly quotas: KeyQuotas
  readonly changedIn: number
}

/** Every key that was changed after `from`, up to and including `to`. */
export interface KeyChanges {
  readonly from: number
  readonly to: number
  /** The newest version there was; beyond `to` where there is more to come. */
  readonly version: number
  /** Keys of versions below are gone, see `acceptRestoredKeys`. */
  readonly floor: number
  /** When this was so, by the database's clock: milliseconds since 1970. */
  readonly atMs: number
  /** In the order of their versions. */
  readonly keys: readonly KeyChange[]
}

/** @returns changes as JSON, for a notice or a file */
export function encodeChanges({ keys, ...changes }: KeyChanges): string {
  const encode = ({ scopes, hashes, ...key }: KeyChange) => ({
    ...key,
    scopes: [...scopes],
    hashes: hashes.map(({ sha256, ...hash }) => ({ ...hash, sha256: sha256.toString('base64') })),
  })
  return JSON.stringify({ ...changes, keys: keys.map(encode) })
}

type EncodedKey = Omit<KeyChange, 'scopes' | 'hashes'> & {
  readonly scopes: readonly string[]
  readonly hashes: readonly { readonly sha256: string; readonly validUntilMs?: number }[]
}

/**
 * Reads what {@link encodeChanges} wrote; its signature has been checked, so that it comes from this installation, but maybe
 * from another version of it. Scopes that are not known here are left out.
 *
 * @throws Error where it is malformed
 */
export function decodeChanges(text: string): KeyChanges {
  const { keys, ...changes } = JSON.parse(text) as Omit<KeyChanges, 'keys'> & { keys: readonly EncodedKey[] }
  const numbers = [changes.from, changes.to, changes.version, changes.floor, changes.atMs]
  if (!numbers.every(Number.isFinite) || !Array.isArray(keys))
    throw new Error('changes of keys are malformed')
  return { ...changes, keys: keys.map(decodeKey) }
}

function decodeKey({ scopes, hashes, ...key }: EncodedKey): KeyChange {
  if (!isKeyId(key.id) || !Number.isFinite(key.changedIn)) throw new Error('a change of a key is malformed')
  return {
    ...key,
    scopes: new Set<Scope>(scopes.filter(isScope)),
    hashes: hashes.map(({ sha256, ...hash }) => ({ ...hash, sha256: Buffer.from(sha256, 'base64') })),
  }
}
