import { AppError, MAX_EMAIL_BYTES, MAX_WEBHOOK_URL_BYTES, type AddressChannel } from '@runnel/contracts'
import { parseEmailAddress } from '../notifications/email-address.ts'
import { toReadableDomain } from '../notifications/email-domain.ts'

/** They cannot be seen, come along with copied text, and make another address of one that looks the same. */
const INVISIBLE = /\p{Cf}/u

/**
 * An e-mail address as it is stored: of all forms of its domain the one that people read, in lower case, by which it is found on the
 * suppression list; what stands before it as it was given, for only the server there knows whether case matters.
 *
 * @throws AppError invalid_field
 */
export function parseEmail(text: string, field = '/email'): string {
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf('@')
  const domain = at < 0 ? undefined : toReadableDomain(trimmed.slice(at + 1))
  const address = `${trimmed.slice(0, at).normalize('NFC')}@${domain ?? ''}`
  if (!isEmail(address)) {
    throw new AppError('invalid_field', 'The e-mail address is not valid', {
      field,
      expected: `one address such as ann@example.com, of at most ${MAX_EMAIL_BYTES} bytes`,
    })
  }
  return address
}

function isEmail(address: string): boolean {
  if (Buffer.byteLength(address) > MAX_EMAIL_BYTES || INVISIBLE.test(address)) return false
  try {
    parseEmailAddress(address)
    return true
  } catch {
    return false
  }
}

/** @returns the URL as it is stored. @throws AppError invalid_field */
export function parseWebhookUrl(text: string, field = '/webhookUrl'): string {
  const trimmed = text.trim()
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined
  const isUsable =
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.password === ''
  if (isUsable) {
    url.hash = ''
    if (Buffer.byteLength(url.href) <= MAX_WEBHOOK_URL_BYTES) return url.href
  }
  throw new AppError('invalid_field', 'The URL of the webhook is not valid', {
    field,
    expected: `a URL that starts with http:// or https://, of at most ${MAX_WEBHOOK_URL_BYTES} bytes and without a user name`,
  })
}
/** Addresses of channels as they are stored. @throws AppError invalid_field */
export const parseAddress: Readonly<Record<AddressChannel, (text: string, field?: string) => string>> = {
  email: parseEmail,
  webhook: parseWebhookUrl,
}
