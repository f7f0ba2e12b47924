import type { KeyQuotas, Scope } from '@runnel/contracts'
import { createKey, DEFAULT_HTTP_OPTIONS, noCounts, type HttpOptions, type KeyDirectory } from '@runnel/http'

interface KeyOptions {
  /** Default: fresh. */
  readonly state?: KeyDirectory['state']
  /** Default: none. */
  readonly quotas?: KeyQuotas
}

/** Access control with one key, and its text. */
export function withKey(
  scopes: readonly Scope[],
  { state = 'fresh', quotas = {} }: KeyOptions = {},
): { readonly httpOptions: HttpOptions; readonly text: string } {
  const { id, text, sha256 } = createKey()
  const record = {
    ...{ id, name: 'sender', kind: 'live' as const, scopes: new Set(scopes), hashes: [{ sha256 }] },
    ...{ networks: [], namespace: '', quotas },
  }
  const keys: KeyDirectory = {
    state,
    find: (keyId) => (keyId === id ? record : undefined),
    noteUse: () => undefined,
    countsOf: noCounts,
  }
  const httpOptions: HttpOptions = {
    ...DEFAULT_HTTP_OPTIONS,
    access: {
      ...{ auth: 'keys', app: 'ingest-api', keys, identitySecret: 'secret' },
      forwardedUser: { networks: [], secret: '', role: 'viewer' },
    },
  }
  return { httpOptions, text }
}
