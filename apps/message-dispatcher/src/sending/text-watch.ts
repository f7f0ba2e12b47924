import type { SendMailing } from '@runnel/repositories-mailings'
import { BACKOFF_MS, type EngineDeps } from './engine-deps.ts'
import type { MessageVerdict } from './judge-message.ts'
import type { LeasedWork } from './leases/leased-work.ts'
import { TextFailures } from './text-failures.ts'

/**
 * Receives what became of the text of each message. A mailing of which one text after the other fails sends nothing more, and
 * rests until a person has mended it. Never throws.
 */
export type TextWatch = (mailing: SendMailing, verdict: MessageVerdict) => void

/** What cannot be written is tried again with the next message that fails. */
export function createTextWatch(
  { clock, log, monotonicMs, store }: Pick<EngineDeps, 'clock' | 'log' | 'monotonicMs' | 'store'>,
  leased: LeasedWork,
): TextWatch {
  const failures = new TextFailures()
  const underWay = new Set<number>()
  const rest = ({ id, version }: SendMailing, reason: string) => {
    for (const work of [...leased.chunks.values(), ...leased.queue.works()])
      if (work.mailingId === id) leased.stop(work)
    if (underWay.has(id)) return
    underWay.add(id)
    // However long the database takes: what would be claimed meanwhile would fail as well.
    leased.backOff(id, Infinity)
    const fields = { mailingId: id, version, reason }
    store
      .restMailing(id, { version, reason, nowMs: clock.nowMs() })
      .then(
        (rests) => {
          if (rests) log.warn(fields, 'the mailing rests: its text fails for one client after the other')
        },
        (err: unknown) => log.warn({ ...fields, err }, 'the mailing could not be paused yet; trying again'),
      )
      .finally(() => {
        underWay.delete(id)
        leased.resume(id, monotonicMs() + BACKOFF_MS)
      })
  }
  return (mailing, verdict) => {
    if (verdict.kind === 'send') failures.forget(mailing)
    else if (verdict.kind === 'record' && verdict.isTexts && failures.add(mailing, verdict.reason))
      rest(mailing, verdict.reason)
  }
}
