import type { MailingStatus } from '@runnel/contracts'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { RunQuery } from '@runnel/repositories-database'
import { readAudienceSample, readRecipients, type StoredMailing } from '@runnel/repositories-mailings'
import { orAborted } from '@runnel/runtime'
import type { Deps } from '../../deps.ts'
import { configuredChannels } from '../../sending/channels/configured-channels.ts'
import { sendTimeoutOf } from '../../sending/engine-settings.ts'
import { compileSubject } from '../../template/compile-subject.ts'
import { compileTemplate } from '../../template/compile-template.ts'
import { createUnsubscribeLinks } from '../../unsubscribe/unsubscribe-links.ts'
import { findWarnings, NOT_CHECKED } from './find-warnings.ts'
import type { Timetable } from './time-warnings.ts'

/** Clients that an answer is based on: reading them must not keep it waiting. */
const SAMPLE_CLIENTS = 100

/** Milliseconds that an answer waits for its warnings: what it tells is done by then. */
const WAIT_MS = 2000

/** Of others, nothing is sent. */
const EXAMINED: readonly MailingStatus[] = ['draft', 'scheduled', 'running', 'paused']

/** Looks at mailings for what would keep them from doing what they are for. */
export interface Warnings {
  /** The times of a mailing that may be sent from now on. */
  timetableOf(
    mailing: Pick<StoredMailing, 'startMs' | 'endMs' | 'window' | 'channel'>,
    nowMs: number,
  ): Timetable
  /** Never rejects: the mailing is stored by now, and the answer has to say so. */
  of(mailing: StoredMailing, nowMs: number): Promise<MailingWarning[]>
}

export function createWarnings({ database, sending, log }: Deps, runQuery: RunQuery): Warnings {
  const timeouts = new Map(configuredChannels(sending).map(({ name, limits }) => [name, limits.timeoutMs]))
  const channels = [...timeouts.keys()]
  const links = createUnsubscribeLinks(sending.unsubscribe)
  const timetableOf: Warnings['timetableOf'] = ({ startMs, endMs, window, channel }, nowMs) => ({
    ...{ fromMs: Math.max(startMs, nowMs), endMs, window },
    sendTimeoutMs: sendTimeoutOf(timeouts.get(channel) ?? sending.gateway.timeoutMs),
  })
  const readSample = async (mailing: StoredMailing) => {
    if (mailing.materialised) return (await readRecipients(database, mailing)).sample
    return readAudienceSample(database, mailing, SAMPLE_CLIENTS)
  }
  return {
    timetableOf,
    async of(mailing, nowMs) {
      if (!EXAMINED.includes(mailing.status)) return []
      const { text, channel } = mailing
      const examined = { timetable: timetableOf(mailing, nowMs), text, channel, channels }
      try {
        const template = compileTemplate(text)
        const subject = mailing.subject === null ? undefined : compileSubject(mailing.subject)
        const sample = await orAborted(
          runQuery(() => readSample(mailing)),
          AbortSignal.timeout(WAIT_MS),
        )
        return sample ? findWarnings({ ...examined, template, subject, links, sample }) : [NOT_CHECKED]
      } catch (err) {
        log.warn({ err, mailingId: mailing.id }, 'the mailing could not be checked for warnings')
        return [NOT_CHECKED]
      }
    },
  }
}
