import { AppError } from '@runnel/contracts'
import { retryAfterSeconds } from '@runnel/http'
import type { Logger } from '@runnel/observability'
import { pause } from '@runnel/runtime'
import type { Admission } from '../admitted-events.ts'
import { admitCounted, type CountedAdmitOptions } from '../admit-counted.ts'
import { publishAdmission, type PublishOptions } from '../publish-admission.ts'
import type { DecodedBody, RejectedItem } from '../wire-format.ts'

export interface SubmitOptions extends CountedAdmitOptions, PublishOptions {
  readonly log: Logger
  /** Aborted when a drain may take no longer: what no broker has confirmed by then is given up. */
  readonly lastCall: AbortSignal
}

export interface Submitted {
  readonly accepted: number
  /** Items that are no events. */
  readonly rejected: readonly Pick<RejectedItem, 'code'>[]
  /** Events that no broker has confirmed: the process ends. Else all are safe. */
  readonly lost: number
}

/** Resolves once all that can be an event is safe. Never rejects. */
export type Submit = (body: DecodedBody) => Promise<Submitted>

const FIRST_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 1000

/**
 * The way of events that come without HTTP: admitted and published as those of a request are. Where a request is answered that the broker
 * is unreachable, this goes on trying, for there is nothing to answer: with the same ids, so that what had arrived after all is stored once.
 */
export function createSubmit(options: SubmitOptions): Submit {
  return async (body) => {
    let admission: Admission
    try {
      admission = await admitCounted(body, body.requestKey, options)
    } catch (error) {
      // A defect, which costs these events and not the process: the sender might send them again.
      options.log.error({ err: error, events: body.texts.length }, 'events could not be admitted')
      const { rejected = [] } = body
      return {
        accepted: 0,
        rejected: [...rejected, ...Array.from({ length: body.texts.length }, () => ({ code: 'internal' }))],
        lost: 0,
      }
    }
    return publish(admission, options)
  }
}

async function publish(admission: Admission, options: SubmitOptions): Promise<Submitted> {
  const { admitted, admittedKinds, rejected } = admission
  for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS)) {
    try {
      await publishAdmission(admission, false, options)
      options.metrics.accepted(admittedKinds, admitted.length)
      return { accepted: admitted.length, rejected, lost: 0 }
    } catch (error) {
      const code = codeOfRefusal(error)
      if (code !== undefined) {
        options.log.error({ err: error, events: admitted.length }, 'the broker refused these events')
        options.metrics.rejected(admittedKinds, admitted.length)
        return { accepted: 0, rejected: [...rejected, ...admitted.indexes.map(() => ({ code }))], lost: 0 }
      }
    }
    if (options.lastCall.aborted) return { accepted: 0, rejected, lost: admitted.length }
    await pause(backoffMs, options.lastCall)
  }
}

/** @returns undefined for what passes */
function codeOfRefusal(error: unknown): string | undefined {
  if (!(error instanceof AppError)) return 'internal'
  return retryAfterSeconds(error) === undefined ? error.code : undefined
}
