import { AppError } from '@runnel/contracts'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { ServerMetadata } from 'openid-client'

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const MAX_AGE = '5 minutes'
const TOLERANCE = '30 s'

/** What has ended at a provider: one session there, or all of a person. */
export interface EndedAtProvider {
  readonly providerSession?: string | undefined
  readonly personId?: string | undefined
}

/**
 * Reads logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6). Keys are kept between tokens: strangers may send what they
 * like, and each must not have the provider asked.
 *
 * @returns throws AppError sign_in_failed where a token is not of the provider, or for another app, or not for this
 */
export function createLogoutTokenReader(
  { issuer, jwks_uri, id_token_signing_alg_values_supported }: ServerMetadata,
  clientId: string,
  timeoutMs: number,
): (token: string) => Promise<EndedAtProvider> {
  const keys =
    jwks_uri === undefined ? undefined : createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: timeoutMs })
  // Shared secrets are no proof that the provider has signed.
  const algorithms = (id_token_signing_alg_values_supported ?? ['RS256']).filter((name) =>
    /^(?:RS|PS|ES|Ed)/.test(name),
  )
  return async (token) => {
    if (!keys) throw refused('the provider publishes no keys')
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, audience: clientId, algorithms, maxTokenAge: MAX_AGE, clockTolerance: TOLERANCE },
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT'
        ? refused(error.code, error)
        : new AppError('upstream_unavailable', 'The keys of the provider cannot be read', {}, error)
    })
    const { events, nonce, sid, sub } = payload as Record<string, unknown>
    const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, LOGOUT_EVENT)
    if (!isLogout || nonce !== undefined) throw refused('it is of another kind')
    const ended = {
      providerSession: typeof sid === 'string' ? sid : undefined,
      personId: typeof sub === 'string' ? sub : undefined,
    }
    if (ended.providerSession === undefined && ended.personId === undefined)
      throw refused('it names neither a session nor a person')
    return ended
  }
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError(
    'sign_in_failed',
    `The logout token is not valid: ${why}`,
    { field: 'logout_token' },
    cause,
  )
}
