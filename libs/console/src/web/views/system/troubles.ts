import type { AppState, SystemState } from '../../api/system.ts'
import { formatPercent } from '../../format/number.ts'

/** Share of a stream's limit from which on it is reported. */
const FULL_SHARE = 0.8
/** Seconds that events may wait to be stored before it is reported. */
const LONG_LAG_SECONDS = 60

/** What is not as it should be, in words; empty where all is well. */
export function troublesOf({ apps, servers, broker, sending }: SystemState): string[] {
  return [
    ...apps.flatMap(appTrouble),
    ...servers
      .filter(({ status }) => status === 'away')
      .map(({ name }) => `${SERVER_NAMES[name] ?? name} is unreachable`),
    ...broker.flatMap(({ kind, streamBytes, streamLimitBytes, lagSeconds }) => {
      const share = shareOf(streamBytes, streamLimitBytes)
      return [
        ...(share !== undefined && share >= FULL_SHARE
          ? [`the stream of ${kind} is ${formatPercent(share)} full`]
          : []),
        ...(lagSeconds !== null && lagSeconds >= LONG_LAG_SECONDS
          ? [`${kind} wait more than a minute to be stored`]
          : []),
      ]
    }),
    ...(sending.breaker === null || sending.breaker === 'closed' ? [] : [breakerTrouble(sending.breaker)]),
  ]
}

function appTrouble({ name, status }: AppState): string[] {
  if (status === 'ready') return []
  return [status === 'away' ? `${name} does not answer` : `${name} is not ready`]
}

function breakerTrouble(state: string): string {
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
