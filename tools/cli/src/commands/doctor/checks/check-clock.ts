import { ok, warning, type Finding } from '../finding.ts'

/** Beyond it, "the last five minutes" are not the same here and there. */
const MAX_DIFFERENCE_MS = 2000
const CHECK = 'clock'

/** When Runnel was asked what time it is, what it said, and when its answer was here, in milliseconds since 1970. */
export interface ClockReading {
  readonly askedMs: number
  readonly serverMs: number
  readonly answeredMs: number
}

/** Compares the clock of this machine with that of query-api, as far as the time of the request allows. */
export function checkClock({ askedMs, serverMs, answeredMs }: ClockReading): Finding {
  // It is known within half of the time that the request took.
  const middleMs = (askedMs + answeredMs) / 2
  const differenceMs = middleMs - serverMs
  const uncertainMs = (answeredMs - askedMs) / 2
  if (Math.abs(differenceMs) <= uncertainMs)
    return ok(CHECK, `The clock of this machine is that of Runnel, as far as ${seconds(uncertainMs)}`)
  const shown = `${seconds(Math.abs(differenceMs))} ${differenceMs < 0 ? 'behind' : 'ahead of'} that of Runnel`
  if (Math.abs(differenceMs) - uncertainMs <= MAX_DIFFERENCE_MS)
    return ok(CHECK, `The clock of this machine is ${shown}`)
  return warning(
    CHECK,
    `The clock of this machine is ${shown}`,
    'Synchronise both with NTP: timedatectl shows whether it is on',
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
