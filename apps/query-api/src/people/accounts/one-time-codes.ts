import { Secret, TOTP } from 'otpauth'

const PERIOD_S = 30
/** Steps before and after the present one that count: clocks of phones are not exact. */
const WINDOW = 1
const SECRET_BYTES = 20

/** What an app for one-time codes is given. Every one of them knows SHA-1 with six digits. */
function totpOf(secret: Uint8Array, label: string): TOTP {
  return new TOTP({
    ...{ issuer: 'Runnel', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S },
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  })
}

/** @returns the step of time that a code belongs to; undefined where it is wrong, or not of about now */
export function stepOfCode(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const delta = totpOf(secret, '').validate({ token: code, window: WINDOW, timestamp: nowMs })
  return delta === null ? undefined : Math.floor(nowMs / 1000 / PERIOD_S) + delta
}

/** A secret as a person gets it, once. */
export interface NewTotp {
  readonly secret: Buffer
  /** To be typed. */
  readonly base32: string
  /** For a QR code. */
  readonly uri: string
}

export function createTotp(name: string): NewTotp {
  const secret = Buffer.from(new Secret({ size: SECRET_BYTES }).bytes)
  const totp = totpOf(secret, name)
  return { secret, base32: totp.secret.base32, uri: totp.toString() }
}
