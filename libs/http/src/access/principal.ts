import { SCOPES, type Role, type Scope } from '@runnel/contracts'
import type { KeyRecord } from './key-directory.ts'

/** Who a request comes from. */
export interface Principal {
  /** `open`: access control is off. `service`: an app on its own behalf. */
  readonly kind: 'key' | 'person' | 'service' | 'open' | 'stranger'
  /** Id of the key or the person, name of the app; `anonymous` where there is none. */
  readonly id: string
  /** For people: the audit and the console show it. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Of a person who has signed in: what the scopes come from. */
  readonly roles?: readonly Role[] | undefined
  /** A key of kind `test`: its mailings never reach the gateway. */
  readonly isTest: boolean
  /** The owner's namespace of idempotency keys; empty for the one that all share. */
  readonly namespace: string
  /** Of a key that this app has verified; undefined where another app did, and forwarded the request. */
  readonly key?: KeyRecord | undefined
}

const NO_SCOPES: ReadonlySet<Scope> = new Set()
const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES)

/** No credentials, at a route that needs none. */
export const STRANGER: Principal = {
  kind: 'stranger',
  id: 'anonymous',
  name: 'anonymous',
  scopes: NO_SCOPES,
  isTest: false,
  namespace: '',
}

/** Every caller while access control is off. */
export const OPEN_PRINCIPAL: Principal = { ...STRANGER, kind: 'open', scopes: ALL_SCOPES }
