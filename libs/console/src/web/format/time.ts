import { currentZone, wallClock, zoneOffsetMs } from './zone.ts'

/** `2026-01-31` in the reader's zone. */
function formatDate(timeMs: number): string {
  return wallClock(timeMs).toISOString().slice(0, 10)
}

/** `12:00:05` in the reader's zone; `millis` adds `.123`. */
export function formatClock(timeMs: number, millis = false): string {
  return wallClock(timeMs)
    .toISOString()
    .slice(11, millis ? 23 : 19)
}

/** `2026-01-31 12:00:05` in the reader's zone. */
export function formatDateTime(timeMs: number, millis = false): string {
  return `${formatDate(timeMs)} ${formatClock(timeMs, millis)}`
}

/** `5 min ago`, `in 2 h`, for what changes while one looks. */
export function formatAgo(timeMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - timeMs)
  if (distance < 5000) return 'just now'
  const [size, unit] = largestUnit(distance)
  return timeMs <= nowMs ? `${size} ${unit} ago` : `in ${size} ${unit}`
}

function largestUnit(ms: number): [number, string] {
  if (ms < 60_000) return [Math.floor(ms / 1000), 's']
  if (ms < 3_600_000) return [Math.floor(ms / 60_000), 'min']
  if (ms < 2 * 86_400_000) return [Math.floor(ms / 3_600_000), 'h']
  return [Math.floor(ms / 86_400_000), 'd']
}

/** Label of a time axis whose ticks are `stepMs` apart. */
export function formatTick(timeMs: number, stepMs: number): string {
  if (stepMs >= 86_400_000) return formatDate(timeMs).slice(5)
  const clock = formatClock(timeMs)
  return stepMs >= 60_000 ? clock.slice(0, 5) : clock
}

/** `UTC+02:00`: the zone that times are shown in, at a moment. */
export function zoneName(timeMs: number): string {
  const minutes = Math.round(zoneOffsetMs(timeMs) / 60_000)
  const size = Math.abs(minutes)
  if (minutes === 0) return 'UTC'
  const pad = (value: number) => String(value).padStart(2, '0')
  return `UTC${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** `Europe/Berlin (UTC+02:00)`; only the second where the zone is the browser's. */
export function zoneTitle(timeMs: number): string {
  const zone = currentZone()
  return zone === undefined || zone === 'UTC' ? zoneName(timeMs) : `${zone} (${zoneName(timeMs)})`
}
