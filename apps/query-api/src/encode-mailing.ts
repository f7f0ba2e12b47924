import type { Counted, MailingStats, MailingSummary } from '@runnel/contracts/api/mailing-stats'
import type {
  CountGroups,
  MailingStatistics,
  MailingSummary as StoredMailingSummary,
} from '@runnel/repositories-mailings'
import { toTime } from './routes/encode-event.ts'

/** A mailing with its counts as the API answers it, to be written as JSON. */
export function toSummaryJson(mailing: StoredMailingSummary): MailingSummary {
  return {
    id: mailing.id,
    name: mailing.name,
    status: mailing.status,
    channel: mailing.channel,
    start: toTime(mailing.startsAtMs),
    end: toTime(mailing.endsAtMs),
    startedAt: timeOrNull(mailing.startedAtMs),
    finishedAt: timeOrNull(mailing.finishedAtMs),
    settledAt: timeOrNull(mailing.settledAtMs),
    deletedAt: timeOrNull(mailing.deletedAtMs),
    testOf: mailing.testOf,
    materialised: mailing.materialised,
    materialisedShare: mailing.materialisedShare,
    total: mailing.total,
    counts: mailing.counts,
  }
}

/** The statistics of one mailing as the API answers them. */
export function encodeStatistics(statistics: MailingStatistics): Buffer {
  const { operators, tags, hours, ratePerSecond, estimatedFinishMs } = statistics
  const answer: MailingStats = {
    ...toSummaryJson(statistics),
    ratePerSecond,
    estimatedFinish: timeOrNull(estimatedFinishMs),
    byOperator: toGroups(operators, (operatorCode) => ({ operatorCode })),
    byTag: toGroups(tags, (tag) => ({ tag })),
    byHour: toGroups(hours, (atMs) => ({ at: toTime(atMs) })),
  }
  return Buffer.from(JSON.stringify(answer))
}

function toGroups<K, Label extends object>(
  { items, rest }: CountGroups<K>,
  label: (key: K) => Label,
): { items: (Label & Counted)[]; rest: Counted | null } {
  return { items: items.map(({ key, ...counts }) => ({ ...label(key), ...counts })), rest }
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}
