import type { Logger } from '@runnel/observability'
import { describeAnswer, type Answer } from '../http/parse-answer.ts'

/** Logs that ingest-api went away or came back, once each: an outage of hours is two lines. */
export function createIngestHealth(log: Logger): (answer: Answer) => void {
  let takes = true
  return (answer) => {
    const took = answer.type === 'accepted' || answer.type === 'rejected' || answer.type === 'too-large'
    if (took === takes) return
    takes = took
    if (took) log.info({}, 'ingest-api takes events again')
    else log.warn({ reason: describeAnswer(answer) }, 'ingest-api takes no events; the stream keeps trying')
  }
}
