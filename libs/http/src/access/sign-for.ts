import type { Scope } from '@runnel/contracts'
import type { AppName } from '@runnel/contracts/apps'
import type { AccessOptions } from './access-options.ts'
import { IDENTITY_HEADER, signIdentity, type IdentityTarget } from './identity.ts'
import type { Principal } from './principal.ts'

/** @returns headers that say to another app on whose behalf it is asked; none where the apps share no secret */
export type SignFor = (principal: Principal, target: IdentityTarget) => Record<string, string>

/** @param access undefined where everything is open */
export function createSignFor(access: AccessOptions | undefined): SignFor {
  const secret = access?.identitySecret ?? ''
  if (secret === '') return () => ({})
  return (principal, target) => ({ [IDENTITY_HEADER]: signIdentity(secret, principal, target, Date.now()) })
}

/** @returns headers for a request to another app that this one makes on its own behalf */
export type SignOwn = (to: AppName, method: string, url: string) => Record<string, string>

/** @param scopes what this app does at others: it has no others there */
export function createSignOwn(access: AccessOptions | undefined, scopes: readonly Scope[]): SignOwn {
  const sign = createSignFor(access)
  const app = access?.app ?? ''
  const principal: Principal = {
    kind: 'service',
    id: app,
    name: app,
    scopes: new Set(scopes),
    isTest: false,
    namespace: '',
  }
  return (to, method, url) => sign(principal, { app: to, method, url })
}
