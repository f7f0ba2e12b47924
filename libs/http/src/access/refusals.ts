import type { AppError, Scope } from '@runnel/contracts'
import type { KeyRecord } from './key-directory.ts'
import { refusal } from './refusal.ts'

const RETRY_AFTER_MS = 5000

/** No credentials, or wrong ones: which of the two parts of a key is wrong is not said. */
export function unauthenticated(isMissing: boolean): AppError {
  return refusal(
    'unauthenticated',
    isMissing ? 'This route needs an API key' : 'The API key is not valid here',
    { field: 'authorization', expected: 'Authorization: Bearer rnl_..., or X-Api-Key' },
  )
}

/** Of several headers each program along the way may judge another one. */
export function credentialsRepeated(): AppError {
  return refusal(
    'unauthenticated',
    'The header with the API key came more than once, or holds more than one value: send one',
    { field: 'authorization', expected: 'one header Authorization, or X-Api-Key' },
  )
}

export function keyMistyped(): AppError {
  return refusal(
    'key_mistyped',
    'The API key was mistyped or cut: its checksum does not match. Copy the whole key',
    { field: 'authorization', expected: 'rnl_ID_SECRET_CHECKSUM, 71 characters' },
  )
}

/** Only where the secret was right. */
export function keyEnded({ id, name }: KeyRecord, code: 'key_expired' | 'key_revoked'): AppError {
  const what = code === 'key_expired' ? 'has expired' : 'was revoked'
  return refusal(code, `The API key ${name} (${id}) ${what}: ask for another one`, {
    field: 'authorization',
  })
}

export function networkNotAllowed({ id, name }: KeyRecord): AppError {
  return refusal('network_not_allowed', `The API key ${name} (${id}) is not accepted from this address`, {
    expected: 'an address in the networks of the key',
  })
}

export function forbidden(missing: readonly Scope[]): AppError {
  const scopes = missing.join(', ')
  return refusal('forbidden', `This needs the scope ${scopes}`, {
    expected: `a caller with ${scopes}`,
    extra: { missingScopes: missing },
  })
}

/** Not knowing is never a pass. */
export function accessUnavailable(state: 'stale' | 'unknown'): AppError {
  return refusal(
    'access_unavailable',
    state === 'stale'
      ? 'API keys cannot be checked: what is known of them is too old'
      : 'API keys cannot be checked: they have not been read yet',
    { retryAfterMs: RETRY_AFTER_MS },
  )
}

export function tooManyFailures(retryAfterMs: number): AppError {
  return refusal('too_many_failures', 'Too many wrong credentials came from this address', {
    retryAfterMs,
  })
}
