import { KINDS, OPEN_MESSAGE_STATUSES, type Kind } from '@runnel/contracts'
import type { ReportFacts } from '@runnel/contracts/api/report'
import { AppError, MESSAGE_STATUSES } from '@runnel/contracts'
import { isStatementTimeout, type Database } from '@runnel/repositories-database'
import { countStoredEvents, readDeadLetterCounts } from '@runnel/repositories-events'
import {
  countFailureReasons,
  countOptOuts,
  listAlertsDuring,
  listHandledMailings,
  listMailingsUnderWay,
  readMailingStatistics,
  type HandledMailing,
  type Period,
} from '@runnel/repositories-mailings'
import { localDay } from '../windows/local-days.ts'
import { OUTAGE_CONDITIONS } from '../alerts/condition-names.ts'

/** Mailings that are listed one by one. */
const MAX_MAILINGS = 50
const MAX_UNDER_WAY = 20
const MAX_OUTAGES = 50

/**
 * What happened on a day of a time zone. Statements run one after the other, on one connection, so that the report takes
 * nothing from the sending; a count that is not done in time is null.
 *
 * @param nowMs of the database's clock
 * @throws what the driver throws while the database is unreachable
 */
export async function readReportFacts(
  database: Database,
  day: string,
  timeZone: string,
  nowMs: number,
): Promise<ReportFacts> {
  const period = localDay(day, timeZone)
  const mailings = await listHandledMailings(database, period)
  const troubled = mailings.filter(({ counts }) => counts.failed > 0 || counts.unknown > 0)
  const failures = await countInTime(() =>
    countFailureReasons(
      database,
      troubled.map(({ id }) => id),
      period,
    ),
  )
  return {
    ...{ day, timeZone, from: toText(period.fromMs), until: toText(period.untilMs), readAt: toText(nowMs) },
    mailings: mailings.slice(0, MAX_MAILINGS).map(presentMailing),
    moreMailings: Math.max(0, mailings.length - MAX_MAILINGS),
    totals: sumOf(mailings),
    failures: failures?.map(({ count: messages, ...rest }) => ({ ...rest, messages })) ?? null,
    underWay: await readUnderWay(database),
    optOuts: await countInTime(() => countOptOuts(database, period)),
    outages: await readOutages(database, period),
    events: await countEvents(database, period),
    deadLetters: await countInTime(() => readDeadLetterCounts(database, period)),
  }
}

/** @returns null where the database took too long, or would have */
async function countInTime<T>(count: () => Promise<T>): Promise<T | null> {
  try {
    return await count()
  } catch (error) {
    const isSlow = isStatementTimeout(error) || (error instanceof AppError && error.code === 'query_too_slow')
    if (isSlow) return null
    throw error
  }
}

async function readUnderWay(database: Database): Promise<ReportFacts['underWay']> {
  const found: ReportFacts['underWay'][number][] = []
  for (const id of await listMailingsUnderWay(database, MAX_UNDER_WAY)) {
    const { value } = await readMailingStatistics(database, id)
    if (!value) continue
    const { name, status, total, counts, endsAtMs, estimatedFinishMs } = value
    found.push({
      ...{ id, name, status, total, end: toText(endsAtMs) },
      remaining: OPEN_MESSAGE_STATUSES.reduce((sum, open) => sum + counts[open], 0),
      estimatedFinish: textOrNull(estimatedFinishMs),
    })
  }
  return found
}

async function readOutages(database: Database, period: Period): Promise<ReportFacts['outages']> {
  const alerts = await listAlertsDuring(database, OUTAGE_CONDITIONS, { ...period, limit: MAX_OUTAGES })
  return alerts.map(({ condition, facts, startedAt, resolvedAt }) => ({
    condition,
    reason: (facts as { reason?: string | null }).reason ?? null,
    from: startedAt.toISOString(),
    until: resolvedAt?.toISOString() ?? null,
  }))
}

async function countEvents(database: Database, period: Period): Promise<ReportFacts['events']> {
  const counts: Partial<Record<Kind, number | null>> = {}
  for (const kind of KINDS) counts[kind] = await countInTime(() => countStoredEvents(database, kind, period))
  return counts as Record<Kind, number | null>
}

function presentMailing(mailing: HandledMailing): ReportFacts['mailings'][number] {
  const { id, name, status, deleted, counts, startedAtMs, finishedAtMs } = mailing
  const times = { startedAt: textOrNull(startedAtMs), finishedAt: textOrNull(finishedAtMs) }
  return { id, name, status, deleted, ...times, counts }
}

function sumOf(mailings: readonly HandledMailing[]): ReportFacts['totals'] {
  const sums = MESSAGE_STATUSES.map(
    (status) => [status, mailings.reduce((sum, { counts }) => sum + counts[status], 0)] as const,
  )
  return Object.fromEntries(sums) as ReportFacts['totals']
}

function toText(ms: number): string {
  return new Date(ms).toISOString()
}

function textOrNull(ms: number | null): string | null {
  return ms === null ? null : toText(ms)
}
