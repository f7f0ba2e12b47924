import { judgeSmtpError, type SmtpError } from './judge-smtp-error.ts'
import { SmtpSession, type Envelope, type SmtpServer, type TransferOptions } from './smtp-session.ts'
import type { SmtpVerdict } from './smtp-verdict.ts'

/** Sends one message over a connection of its own. Never rejects. @param message as it is sent over the network */
export async function sendEmail(
  server: SmtpServer,
  envelope: Envelope,
  message: Buffer,
  options: TransferOptions,
): Promise<SmtpVerdict> {
  let session: SmtpSession
  try {
    session = await SmtpSession.open(server, options.signal)
  } catch (error) {
    return judgeSmtpError(error as SmtpError, false)
  }
  const verdict = await session.send(envelope, message, options)
  if (verdict.outcome === 'accepted') session.quit()
  else session.close()
  return verdict
}
