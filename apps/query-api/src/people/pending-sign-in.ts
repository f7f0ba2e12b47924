import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a browser holds while its person is at the provider. */
export interface PendingSignIn {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Path and query that the person wanted to see. */
  readonly returnTo: string
}

/** For how long a person may be at the provider. */
export const SIGN_IN_MS = 15 * 60_000

/**
 * Seals it into a cookie, so that nothing has to be kept here: requests of strangers cannot fill anything, and every replica can
 * answer when the person comes back.
 *
 * @param secrets of the app, of which the first one seals
 */
export function sealSignIn(secrets: readonly string[], pending: PendingSignIn, nowMs: number): string {
  const text = Buffer.from(JSON.stringify({ ...pending, untilMs: nowMs + SIGN_IN_MS })).toString('base64url')
  return `${text}.${macOf(secrets[0] ?? '', text).toString('base64url')}`
}

/** @returns undefined where it is missing, not of this app, or too old */
export function openSignIn(
  secrets: readonly string[],
  sealed: string | undefined,
  nowMs: number,
): PendingSignIn | undefined {
  const [text = '', mac = '', ...rest] = sealed?.split('.') ?? []
  const given = Buffer.from(mac, 'base64url')
  const isRight = (secret: string) => {
    const right = macOf(secret, text)
    return given.length === right.length && timingSafeEqual(given, right)
  }
  if (rest.length > 0 || !secrets.some(isRight)) return undefined
  const { untilMs, ...pending } = JSON.parse(Buffer.from(text, 'base64url').toString()) as PendingSignIn & {
    readonly untilMs: number
  }
  return nowMs < untilMs ? pending : undefined
}

/** The key is the secret for this purpose alone. */
function macOf(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`sign-in\0${text}`).digest()
}
