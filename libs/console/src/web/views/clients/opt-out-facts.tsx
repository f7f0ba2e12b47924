import type { Client } from '../../api/clients.ts'
import { getSuppression } from '../../api/suppressions.ts'
import { useResource } from '../../data/use-resource.ts'
import { Badge } from '../../parts/badge.tsx'
import { Time } from '../../parts/time.tsx'

/** When a client opted out, by whom it was noted, and why. */
export function OptOutFacts({ client: { phone, optedOutAt } }: { client: Client }) {
  const { data } = useResource(optedOutAt === null ? undefined : phone, (signal) =>
    getSuppression(phone, signal),
  )
  if (optedOutAt === null) return <>receives messages</>
  return (
    <>
      <Badge tone="warn">opted out</Badge> <Time at={optedOutAt} />
      {data && (
        <span class="quiet">
          {' '}
          {data.reason === 'opted_out' ? '' : `${data.reason}, `}noted by {data.actor}
        </span>
      )}
    </>
  )
}
