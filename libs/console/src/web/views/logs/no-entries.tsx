import type { RangeControls } from '../../data/use-range.ts'
import { Empty } from '../../parts/empty.tsx'
import { NewestHint } from '../../parts/newest-hint.tsx'

interface NoEntriesProps {
  readonly filtered: boolean
  readonly resetHref: string
  /** When the newest one before the range occurred, where that is known. */
  readonly newestAt: string | undefined
  readonly times: Pick<RangeControls, 'range' | 'onFixed'>
}

/** In place of a list without entries: what to do about it. */
export function NoEntries({ filtered, resetHref, newestAt, times }: NoEntriesProps) {
  const hint = <NewestHint what="entry" at={newestAt} times={times} />
  if (filtered) {
    return (
      <Empty title="Nothing matches in this range.">
        {hint} Or <a href={resetHref}>remove the filters</a>.
      </Empty>
    )
  }
  return (
    <Empty title="There are no log entries in this range.">
      {newestAt !== undefined && (
        <>
          {hint}
          <br />
        </>
      )}
      They appear here once they are posted to <code>/api/v1/logs</code> of the ingest API.
    </Empty>
  )
}
