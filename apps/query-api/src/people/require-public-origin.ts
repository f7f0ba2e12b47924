import { AppError } from '@runnel/contracts'
import { isLoopbackName } from './loopback.ts'

/**
 * A session would not outlast its first answer: browsers drop its cookie where the connection is not safe, and one without `Secure`
 * could be read and set by whatever lies between.
 *
 * @param origin that the browser used
 * @throws AppError insecure_origin | sign_in_failed, with a sentence for the person who runs Runnel
 */
export function requirePublicOrigin(origin: string, publicUrl: string): void {
  if (!URL.canParse(origin)) throw new AppError('bad_request', 'The request does not name its host')
  const { protocol, hostname } = new URL(origin)
  if (protocol === 'http:' && !isLoopbackName(hostname))
    throw new AppError(
      'insecure_origin',
      `Nobody can sign in at ${origin}: it is not encrypted, and browsers keep sessions only for https and for localhost. ` +
        'Open Runnel under https. If a proxy does that already, name it in TRUSTED_PROXIES and have it send X-Forwarded-Proto',
      { expected: 'https, or a loopback name' },
    )
  const expected = new URL(publicUrl).origin
  if (origin === expected) return
  throw new AppError(
    'sign_in_failed',
    `People sign in at ${expected}, the PUBLIC_URL of this server, and not at ${origin}. ` +
      'If you have opened that address, the proxy in front has to pass its name on: as Host, or as X-Forwarded-Host from an address in TRUSTED_PROXIES',
    { expected },
  )
}
