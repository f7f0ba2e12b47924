import { oneLine, type TransportResult } from '../transport.ts'

/** Members of nodemailer's errors. */
export interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

/** The login is missing or wrong: trouble of the account, not of this message. */
const LOGIN_CODES: ReadonlySet<number | undefined> = new Set([530, 534, 535, 538])

/**
 * What a failed attempt to send an e-mail has shown.
 *
 * @param began whether the first byte of the message may have been sent
 */
export function judgeSmtpError(error: SmtpError, began: boolean): TransportResult {
  const { code, responseCode } = error
  const reason = oneLine(describe(error))
  // Only the server's answer to the whole message says that it did not take it.
  if (began && code !== 'EMESSAGE')
    return { outcome: 'in_doubt', reason: `no answer to the message: ${reason}` }
  const aboutMessage = code === 'EMESSAGE' || code === 'EENVELOPE'
  const isFinal = aboutMessage && (responseCode ?? 0) >= 500 && !LOGIN_CODES.has(responseCode)
  return isFinal ? { outcome: 'failed', reason } : { outcome: 'retry', reason }
}

/** The server's own words where there are any; errors of connections name no password. */
function describe({ code, response, message }: SmtpError): string {
  const what = code === 'EAUTH' ? 'the login was refused: ' : ''
  return `${what}${response ?? message}`
}
