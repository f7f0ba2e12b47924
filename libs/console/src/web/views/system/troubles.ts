import type { AppState, BrokerState, SystemState } from '../../api/system.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatPercent } from '../../format/number.ts'

/** Share of a stream's limit from which on it is reported. */
const FULL_SHARE = 0.8
/** Seconds that events may wait to be stored before it is reported. */
const LONG_LAG_SECONDS = 60
/** Seconds by which a clock may be off before it is reported. */
const CLOCK_OFF_SECONDS = 2

/** What is not as it should be, in words; empty where all is well. */
export function troublesOf({ apps, servers, broker, sending, retention }: SystemState): string[] {
  return [
    ...apps.flatMap(appTrouble),
    ...servers
      .filter(({ status }) => status === 'away')
      .map(({ name }) => `${SERVER_NAMES[name] ?? name} is unreachable`),
    ...broker.flatMap(({ kind, streamBytes, streamLimitBytes, lagSeconds, ...waiting }) => {
      const share = shareOf(streamBytes, streamLimitBytes)
      return [
        ...(share !== undefined && share >= FULL_SHARE
          ? [`the stream of ${kind} is ${formatPercent(share)} full`]
          : []),
        // The last batch says nothing of what waits once nothing does.
        ...(lagSeconds !== null && lagSeconds >= LONG_LAG_SECONDS && isWaiting(waiting)
          ? [`${kind} wait more than a minute to be stored`]
          : []),
      ]
    }),
    ...apps.flatMap(clockTrouble),
    ...(retention === null ? [] : (RETENTION_TROUBLES[retention.suspendedBy ?? ''] ?? [])),
    ...(sending.breaker === null || sending.breaker === 'closed' ? [] : [breakerTrouble(sending.breaker)]),
  ]
}

/** Whether something waits to be stored; also where that is not known. */
function isWaiting({
  pendingMessages,
  unsettledMessages,
}: Pick<BrokerState, 'pendingMessages' | 'unsettledMessages'>): boolean {
  return pendingMessages !== 0 || (unsettledMessages ?? 0) > 0
}

function appTrouble({ name, status }: AppState): string[] {
  if (status === 'ready') return []
  return [status === 'away' ? `${name} does not answer` : `${name} is not ready`]
}

function clockTrouble({ name, clockOffsetSeconds }: AppState): string[] {
  if (clockOffsetSeconds === null || Math.abs(clockOffsetSeconds) <= CLOCK_OFF_SECONDS) return []
  return [
    `the clock of ${name} differs from the database's by ${formatDuration(Math.abs(clockOffsetSeconds) * 1000)}`,
  ]
}

/** A computer that was off for a while is no trouble: the page shows it in a line. */
const RETENTION_TROUBLES: Readonly<Record<string, string[]>> = {
  jump: ["the database's clock jumped, and old events are kept until a person confirms"],
  removal: ['more than two days of events would be removed at once, and are kept until a person confirms'],
}

function breakerTrouble(state: string): string {
  if (state === 'paused') return 'the gateway asked for a pause, and nothing is sent'
  return state === 'open'
    ? 'sending to the gateway has stopped'
    : `the gateway is ${BREAKER_WORDS[state] ?? state}`
}

const BREAKER_WORDS: Readonly<Record<string, string>> = {
  probing: 'being probed',
  ramping: 'recovering',
}

/** What the servers are called. */
export const SERVER_NAMES: Readonly<Record<string, string>> = {
  postgres: 'PostgreSQL',
  broker: 'The broker',
  redis: 'Redis',
}

/** A part of a whole, where both are known. */
export function shareOf(part: number | null, whole: number | null): number | undefined {
  return part === null || whole === null || whole <= 0 ? undefined : part / whole
}
