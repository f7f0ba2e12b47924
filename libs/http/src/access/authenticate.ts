import { AppError } from '@runnel/contracts'
import { acceptedSecrets } from '@runnel/runtime'
import type { FastifyRequest } from 'fastify'
import type { AddressOf } from '../sharing/peer-of.ts'
import type { AccessOptions } from './access-options.ts'
import { createForwardedUser } from './forwarded-user.ts'
import { IDENTITY_HEADER, readIdentity } from './identity.ts'
import type { KeyDirectory } from './key-directory.ts'
import { OPEN_PRINCIPAL, STRANGER, type Principal } from './principal.ts'
import { readCredentials } from './read-credentials.ts'
import { accessUnavailable, unauthenticated } from './refusals.ts'
import { createKeyVerifier } from './verify-keys.ts'

/**
 * @param onRefused called with the id of a key that is right, and refused all the same
 * @returns who sent a request, a stranger where it has no credentials; AppError where they are wrong or cannot be checked
 */
export type Authenticate = (
  request: FastifyRequest,
  onRefused?: (keyId: string) => void,
) => Principal | AppError | Promise<Principal | AppError>

/**
 * How an app finds out who asks: by the identity that another app signed, else by a key, else by the session of a person, else by
 * the name of a proxy. Only sessions have to be waited for.
 */
export function createAuthenticate(
  access: AccessOptions | undefined,
  addressOf: AddressOf,
  nowMs: () => number,
): Authenticate {
  if (access === undefined) return () => OPEN_PRINCIPAL
  const readUser = createForwardedUser(access.forwardedUser)
  const identityOf = createIdentityReader(access, nowMs)
  if (access.auth !== 'keys') {
    return (request) => {
      const principal = identityOf(request) ?? readUser(request)
      if (principal === undefined || principal instanceof AppError) return OPEN_PRINCIPAL
      return { ...OPEN_PRINCIPAL, id: principal.id, name: principal.name }
    }
  }
  const verify = createVerify(access.keys, addressOf, nowMs)
  return (request, onRefused) => {
    const identity = identityOf(request)
    if (identity !== undefined) return identity
    const key = verify(request, onRefused)
    if (key !== undefined) return key
    return access.people?.authenticate(request) ?? readUser(request) ?? STRANGER
  }
}

function createVerify(keys: KeyDirectory | undefined, addressOf: AddressOf, nowMs: () => number) {
  if (keys === undefined)
    return ({ headers }: FastifyRequest) => readCredentials(headers) && accessUnavailable('unknown')
  const verifier = createKeyVerifier(keys, nowMs)
  return (request: FastifyRequest, onRefused?: (keyId: string) => void) =>
    verifier.verify(request.headers, () => addressOf(request), onRefused)
}

function createIdentityReader(access: AccessOptions, nowMs: () => number) {
  const { app, identitySecret, identitySecretSecond } = access
  const secrets = acceptedSecrets(identitySecret, identitySecretSecond)
  return ({ headers, method, raw }: FastifyRequest): Principal | AppError | undefined => {
    const header = headers[IDENTITY_HEADER]
    if (header === undefined) return undefined
    const target = { app, method, url: raw.url ?? '' }
    const identity = readIdentity(secrets, String(header), target, nowMs())
    if (identity === 'invalid') return unauthenticated(false)
    if (identity !== 'expired') return identity
    return new AppError(
      'unauthenticated',
      'The identity of the app that asks has expired: the clocks of the two apps differ by more than 30 s',
    )
  }
}
