import { getClientTotals } from '../../api/clients.ts'
import type { Params } from '../../api/build-url.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatCount, plural } from '../../format/number.ts'

interface ClientTotalsProps {
  readonly filter: Params
  /** Another one reads again. */
  readonly turn: number
}

/** How many clients match. Says nothing where they cannot be counted: the list is there all the same. */
export function ClientTotals({ filter, turn }: ClientTotalsProps) {
  const { data } = useResource(JSON.stringify([filter, turn]), (signal) => getClientTotals(filter, signal))
  return (
    <p class="quiet client-totals" role="status">
      {data && (
        <>
          {plural(data.count, 'client')}
          {data.optedOut > 0 && `, ${formatCount(data.optedOut)} opted out`}
        </>
      )}
    </p>
  )
}
