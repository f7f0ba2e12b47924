import type { BrokerState } from '../../api/system.ts'
import { formatDuration } from '../../format/duration.ts'
import { knownSeconds } from './known.ts'

/** A lag of longer ago is not how it is now. */
const FRESH_SECONDS = 15

/** How long events wait to be stored: none where nothing waits, whatever the last batch was; how old it is, where that is long ago. */
export function LagCell({ state }: { state: BrokerState }) {
  const { pendingMessages, unsettledMessages, lagSeconds, lagAgeSeconds } = state
  if (pendingMessages === 0 && !unsettledMessages) return <>none</>
  const isOld = lagAgeSeconds !== null && lagAgeSeconds > FRESH_SECONDS
  return (
    <>
      {knownSeconds(lagSeconds)}
      {isOld && lagSeconds !== null && (
        <span class="quiet"> ({formatDuration(lagAgeSeconds * 1000)} ago)</span>
      )}
    </>
  )
}
