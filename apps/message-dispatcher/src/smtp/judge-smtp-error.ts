import { oneLine } from '../one-line.ts'
import type { SmtpVerdict } from './smtp-verdict.ts'

/** Members of nodemailer's errors. */
export interface SmtpError extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/** The login is missing or wrong: trouble of the account, not of this message. */
const LOGIN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538])

/** The server does not know a command: trouble of how Runnel asks. */
const PROTOCOL_CODES: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** `550 5.7.1 Relaying denied`: a policy, which may refuse every recipient alike. */
const POLICY = /^\d{3}[ -]5\.7\./

type Judged = Pick<SmtpVerdict, 'outcome' | 'scope' | 'reason'>

const OF_CHANNEL: Judged = { outcome: 'refused', scope: 'channel' }
const OF_ADDRESS: Judged = { outcome: 'refused', scope: 'address' }
const REJECTED: Judged = { outcome: 'rejected' }

/**
 * What a failed attempt to send an e-mail has shown.
 *
 * @param began whether the first byte of the message may have been sent
 */
export function judgeSmtpError(error: SmtpError, began: boolean): SmtpVerdict {
  const { code, responseCode } = error
  const answer = responseCode === undefined ? {} : { gatewayCode: responseCode }
  const detail = oneLine(describe(error))
  // Only a refusal of the whole message says that it was not taken.
  if (began && (code !== 'EMESSAGE' || !isRefusal(responseCode)))
    return { outcome: 'uncertain', ...answer, detail: `no answer to the message: ${detail}` }
  const judged = judge(error)
  const reason = judged.reason ?? (responseCode === undefined ? undefined : `smtp_${responseCode}`)
  return { ...judged, ...answer, ...(reason !== undefined && { reason }), detail }
}

function judge(error: SmtpError): Judged {
  const { code, responseCode } = error
  if (responseCode === undefined) {
    // nodemailer itself refuses the message or the address.
    return code === 'EMESSAGE' || code === 'EENVELOPE' ? REJECTED : { outcome: 'unreached' }
  }
  if (responseCode < 500) return isAboutAddress(error) ? OF_ADDRESS : OF_CHANNEL
  if (code === 'EAUTH' || LOGIN_CODES.has(responseCode)) return ofAccount('unauthorised')
  if (PROTOCOL_CODES.has(responseCode)) return ofAccount('service_refused')
  if (code === 'EMESSAGE') return REJECTED
  if (code !== 'EENVELOPE') return ofAccount('service_refused')
  if (error.command === 'MAIL FROM') return ofAccount('sender_refused')
  return isAboutAddress(error) && POLICY.test(error.response ?? '') ? ofAccount('forbidden') : REJECTED
}

/** Other codes, such as a second 354, say nothing about what came before them. */
function isRefusal(responseCode = 0): boolean {
  return responseCode >= 400 && responseCode < 600
}

function ofAccount(reason: string): Judged {
  return { outcome: 'refused', scope: 'account', reason }
}

function isAboutAddress({ code, command }: SmtpError): boolean {
  return code === 'EENVELOPE' && command === 'RCPT TO'
}

/** The server's own words where there are any, but those about a login: some servers repeat what they were sent. */
function describe({ code, response, responseCode, message }: SmtpError): string {
  if (code !== 'EAUTH') return response ?? message
  const status = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response ?? '')?.[0] ?? responseCode
  return status === undefined ? 'the login was refused' : `the login was refused: ${status}`
}
