import { createKey } from '@runnel/http'
import type { NewKey } from '../src/new-key.ts'

/** A key for tests, with its text. */
export function newKey(over: Partial<NewKey> = {}): NewKey & { readonly text: string } {
  const { id, sha256, text } = createKey(over.id)
  return {
    ...{ id, sha256, text, name: 'a sender', kind: 'live', scopes: ['metrics:write'], networks: [] },
    ...{ namespace: '', quotas: {}, expiresAt: null },
    ...over,
  }
}
