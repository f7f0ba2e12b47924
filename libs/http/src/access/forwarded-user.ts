import { SCOPES_OF_ROLE } from '@runnel/contracts'
import { acceptedSecrets } from '@runnel/runtime'
import type { FastifyRequest } from 'fastify'
import { createHash, timingSafeEqual } from 'node:crypto'
import { createProxyTrust } from '../hosts/trusted-proxies.ts'
import type { AccessOptions } from './access-options.ts'
import type { Principal } from './principal.ts'

/** Longer names are cut, in characters. */
const MAX_NAME = 200

/**
 * A proxy in front may log people in and name them in `X-Forwarded-User`. It is believed where it proves itself with the secret,
 * or comes from one of the networks; that of anybody else is not looked at.
 *
 * @returns reads the person that a proxy names; undefined where none is believed
 */
export function createForwardedUser({
  networks,
  secret,
  secretSecond,
  role,
}: AccessOptions['forwardedUser']): (request: FastifyRequest) => Principal | undefined {
  if (networks.length === 0 && secret === '') return () => undefined
  const isTrusted = createProxyTrust(networks)
  const digests = acceptedSecrets(secret, secretSecond).map(sha256)
  const provesItself = (text: unknown) =>
    typeof text === 'string' && digests.some((digest) => timingSafeEqual(sha256(text), digest))
  const scopes = new Set(SCOPES_OF_ROLE[role])
  return ({ headers, raw }) => {
    const user = headers['x-forwarded-user']
    if (user === undefined) return undefined
    if (!isTrusted(raw.socket) && !provesItself(headers['x-forwarded-user-secret'])) return undefined
    const name = [user].flat().join(',').trim().slice(0, MAX_NAME)
    if (name === '') return undefined
    return { kind: 'person', id: name, name, scopes, isTest: false, namespace: '' }
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
