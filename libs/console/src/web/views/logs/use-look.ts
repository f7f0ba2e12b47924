import { useMemo } from 'preact/hooks'
import { readColumns } from './columns-param.ts'
import { createMarker, type Marker } from './create-marker.ts'

/** How entries are shown. */
export interface LogLook {
  /** What is marked in messages. */
  readonly marker: Marker
  /** Fields that have columns of their own. */
  readonly fields: readonly string[]
  /** Long messages go on over several lines. */
  readonly wraps: boolean
}

/** How an address wants entries to be shown; the same as long as it wants the same, so that rows are not drawn again. */
export function useLook(params: URLSearchParams): LogLook {
  const [query, q, wraps] = [params.get('query') ?? '', params.get('q') ?? '', params.has('wrap')]
  const columns = JSON.stringify(readColumns(params))
  const marker = useMemo(() => createMarker(query, q), [query, q])
  const fields = useMemo(() => JSON.parse(columns) as string[], [columns])
  return { marker, fields, wraps }
}
