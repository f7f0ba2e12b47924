import type { SmtpVerdict } from '../../smtp/smtp-verdict.ts'
import type { TransportResult } from '../transport.ts'

/** What an e-mail's attempt means for a notification. A sender that is refused for good is as final as a recipient. */
export function toTransportResult({ outcome, reason, detail }: SmtpVerdict): TransportResult {
  if (outcome === 'accepted') return { outcome: 'sent' }
  if (outcome === 'uncertain') return { outcome: 'in_doubt', reason: detail }
  const isFinal = outcome === 'rejected' || reason === 'sender_refused' || reason === 'forbidden'
  return { outcome: isFinal ? 'failed' : 'retry', reason: detail }
}
