const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** `2026-01-31` in the reader's own zone. */
function formatDate(timeMs: number): string {
  const date = new Date(timeMs)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** `12:00:05` in the reader's own zone; `millis` adds `.123`. */
export function formatClock(timeMs: number, millis = false): string {
  const date = new Date(timeMs)
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return millis ? `${clock}.${pad(date.getMilliseconds(), 3)}` : clock
}

/** `2026-01-31 12:00:05` in the reader's own zone. */
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

/** `UTC+02:00`: the zone that times are shown in. */
export function zoneName(timeMs: number): string {
  const minutes = -new Date(timeMs).getTimezoneOffset()
  const size = Math.abs(minutes)
  if (minutes === 0) return 'UTC'
  return `UTC${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}
