import type { LoadStats } from '../load/load-stats.ts'
import type { OpenLoopCounts } from '../load/open-loop.ts'
import { formatCount, formatFields, formatSeconds } from './format.ts'

const PERCENTILES = [50, 90, 99, 99.9] as const

/** What a load run came to. Everything but requests, answers and latencies is in events. */
export function summariseLoad(
  run: string,
  { seed, batch, ledger }: { readonly seed: number; readonly batch: number; readonly ledger?: string },
  stats: LoadStats,
  { scheduled, dropped }: OpenLoopCounts,
  elapsedMs: number,
) {
  const { latency, answers, ...counts } = stats
  const latencyMs: Record<string, number> = {}
  for (const percentile of PERCENTILES) {
    latencyMs[`p${percentile}`] = latency.getValueAtPercentile(percentile) / 1000
  }
  latencyMs['max'] = latency.maxValue / 1000
  return {
    run,
    seed,
    elapsedMs: Math.round(elapsedMs),
    scheduled: scheduled * batch,
    droppedByGenerator: dropped * batch,
    ...counts,
    answers: Object.fromEntries(answers),
    latencyMs: latency.totalCount > 0 ? latencyMs : {},
    ...(ledger !== undefined && { ledger }),
  }
}

export type LoadSummary = ReturnType<typeof summariseLoad>

/** The summary for a person. */
export function describeLoad(summary: LoadSummary): string {
  const perSecond = (count: number) => `${formatCount(count / Math.max(0.001, summary.elapsedMs / 1000))}/s`
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name}: ${formatCount(count)}`)
      .join('  ')
  const latencies = Object.entries(summary.latencyMs).map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
  const lines = formatFields([
    ['run', `${summary.run}  (seed ${summary.seed}, ${formatSeconds(summary.elapsedMs)})`],
    ['scheduled', `${formatCount(summary.scheduled)} events`],
    ['  not sent', `${formatCount(summary.droppedByGenerator)} dropped by the generator`],
    ['sent', `${formatCount(summary.sent)} in ${formatCount(summary.requests)} requests`],
    ['acknowledged', `${formatCount(summary.acknowledged)} (${perSecond(summary.acknowledged)})`],
    ['  by kind', list(summary.acknowledgedByKind) || 'none'],
    ['rejected', formatCount(summary.rejected)],
    ['unacknowledged', formatCount(summary.unacknowledged)],
    ['retries', formatCount(summary.retries)],
    ['answers', list(summary.answers) || 'none'],
    ['latency ms', latencies.join('  ') || 'nothing was acknowledged'],
    ...(summary.ledger === undefined ? [] : [['ledger', summary.ledger] as const]),
  ])
  return `${lines.join('\n')}\n`
}
