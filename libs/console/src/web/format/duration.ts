const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/** `3 min 20 s`: the two largest units; below a second `250 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs)
  const [name, unitMs] = UNITS[first]!
  const whole = Math.floor(ms / unitMs)
  const [nextName, nextMs] = UNITS[first + 1] ?? []
  const rest = nextMs === undefined ? 0 : Math.floor((ms % unitMs) / nextMs)
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${nextName}`
}
