import type { SystemState } from '../../api/system.ts'
import { Badge } from '../../parts/badge.tsx'
import { troublesOf } from './troubles.ts'

/** Whether all is well, in a sentence. Read out when that changes. */
export function Summary({ state }: { state: SystemState }) {
  const troubles = troublesOf(state)
  return (
    <p class="summary" role="status" data-tone={troubles.length === 0 ? 'good' : 'warn'}>
      {troubles.length === 0 ? (
        <>
          <Badge tone="good">all is well</Badge> Every app answers and is ready.
        </>
      ) : (
        <>
          <Badge tone="warn">needs attention</Badge> {sentence(troubles)}
        </>
      )}
    </p>
  )
}

function sentence(troubles: readonly string[]): string {
  const text = troubles.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
