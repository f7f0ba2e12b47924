import type { SystemState } from '../../api/system.ts'
import { Badge } from '../../parts/badge.tsx'
import { useWaitingLetters } from '../../data/waiting-letters.tsx'
import { plural } from '../../format/number.ts'
import { troublesOf } from './troubles.ts'

/** Whether all is well, in a sentence. Read out when that changes. */
export function Summary({ state }: { state: SystemState }) {
  const troubles = troublesOf(state)
  const letters = useWaitingLetters() ?? 0
  const isWell = troubles.length === 0 && letters === 0
  return (
    <p class="summary" role="status" data-tone={isWell ? 'good' : 'warn'}>
      {isWell ? (
        <>
          <Badge tone="good">all is well</Badge> Every app answers and is ready.
        </>
      ) : (
        <>
          <Badge tone="warn">needs attention</Badge> {troubles.length > 0 && `${sentence(troubles)} `}
          {letters > 0 && (
            <a href="/console/dead-letters?replayed=false">
              {plural(letters, 'dead letter')} {letters === 1 ? 'waits' : 'wait'} to be replayed or deleted
            </a>
          )}
        </>
      )}
    </p>
  )
}

function sentence(troubles: readonly string[]): string {
  const text = troubles.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
