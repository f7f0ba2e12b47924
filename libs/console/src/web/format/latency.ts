import { formatDuration } from './duration.ts'
import { formatValue } from './number.ts'

/** How long something took: `350 µs`, `4.31 ms`, then as {@link formatDuration} writes it from a minute on. */
export function formatLatency(ms: number): string {
  if (ms >= 60_000) return formatDuration(ms)
  if (ms >= 1000) return `${formatValue(Number((ms / 1000).toPrecision(3)))} s`
  if (ms >= 1) return `${formatValue(Number(ms.toPrecision(3)))} ms`
  return `${formatValue(Number((ms * 1000).toPrecision(3)))} µs`
}
