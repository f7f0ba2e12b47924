import type { Scope } from '@runnel/contracts'
import { createKey } from '../src/access/key-format.ts'
import {
  noCounts,
  type AccessOptions,
  type DirectoryState,
  type KeyCounts,
  type KeyDirectory,
  type KeyRecord,
} from '../src/index.ts'

/** A directory whose keys a test adds and changes. */
export class TestKeys implements KeyDirectory {
  readonly #records = new Map<string, KeyRecord>()
  readonly used: string[] = []
  readonly counts = new Map<string, KeyCounts>()
  state: DirectoryState = 'fresh'

  /** @returns the text of a new key */
  add(scopes: readonly Scope[], members: Partial<KeyRecord> = {}): string {
    const { id, text, sha256 } = createKey()
    const record = {
      id,
      name: 'sender',
      kind: 'live',
      scopes: new Set(scopes),
      hashes: [{ sha256 }],
    } as const
    this.#records.set(id, { ...record, networks: [], namespace: '', ...members })
    return text
  }

  change(text: string, members: Partial<KeyRecord>): void {
    const id = idOf(text)
    this.#records.set(id, { ...this.#records.get(id)!, ...members })
  }

  remove(text: string): void {
    this.#records.delete(idOf(text))
  }

  find(keyId: string): KeyRecord | undefined {
    return this.#records.get(keyId)
  }

  noteUse(keyId: string): void {
    this.used.push(keyId)
  }

  countsOf(keyId: string): KeyCounts {
    const counts = this.counts.get(keyId) ?? noCounts()
    this.counts.set(keyId, counts)
    return counts
  }
}

export function idOf(text: string): string {
  return text.split('_')[1]!
}

/** Access control with keys, and the secret `secret` between apps. */
export function withKeys(
  keys: KeyDirectory,
  members: Partial<AccessOptions> = {},
): { access: AccessOptions } {
  const forwardedUser = { networks: [], secret: '', role: 'viewer' } as const
  return {
    access: { auth: 'keys', app: 'ingest-api', keys, identitySecret: 'secret', forwardedUser, ...members },
  }
}
