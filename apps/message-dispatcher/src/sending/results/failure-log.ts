import type { Logger } from '@runnel/observability'
import type { AppliedTransition, SendRecord } from '@runnel/repositories-mailings'

/** One line for each message that came to nothing, as far as the rate allows. */
export interface FailureLog {
  /** @param records of the transitions, and perhaps of others */
  add(applied: readonly AppliedTransition[], records: readonly SendRecord[]): void
  /** Says how many were left out since the last line that said so. */
  close(): void
}

/** A rate is counted over a second. */
const WINDOW_MS = 1000

/**
 * A person on call reads why messages failed without reading the database; a mailing of which all messages fail does not flood
 * the log. What is left out is counted, and said once the second is over.
 *
 * @param linesPerSecond at most; 0: none
 */
export function createFailureLog(log: Pick<Logger, 'info'>, linesPerSecond: number): FailureLog {
  let lines = 0
  let leftOut = 0
  let timer: NodeJS.Timeout | undefined
  const endWindow = () => {
    clearTimeout(timer)
    timer = undefined
    lines = 0
    if (leftOut > 0)
      log.info({ leftOut }, 'more messages failed; GET /api/v1/messages?status=failed lists them')
    leftOut = 0
  }
  const write = (record: SendRecord) => {
    timer ??= setTimeout(endWindow, WINDOW_MS).unref()
    if (lines >= linesPerSecond) return void (leftOut += 1)
    lines += 1
    const { mailingId, messageId, clientId, to, reason, attempts, attempt } = record
    const answer = attempt && { httpStatus: attempt.httpStatus, gatewayCode: attempt.gatewayCode }
    log.info(
      { mailingId, messageId, clientId, status: to, reason, attempts, ...answer },
      to === 'failed' ? 'message failed' : 'the outcome of the message is unknown',
    )
  }
  return {
    add(applied, records) {
      const lost = applied.filter(({ to }) => to === 'failed' || to === 'unknown')
      if (lost.length === 0) return
      const byId = new Map(records.map((record) => [record.messageId, record]))
      for (const { messageId } of lost) write(byId.get(messageId)!)
    },
    close: endWindow,
  }
}
