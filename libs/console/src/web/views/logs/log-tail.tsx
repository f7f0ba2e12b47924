import { useState, useEffect } from 'preact/hooks'
import { tailUrl } from '../../api/logs.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { formatCount, plural } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import { LogTable } from './log-table.tsx'
import { filterParams } from './logs-query.ts'
import { useTail, type Tail } from './use-tail.ts'

/** Scrolled by less, one still looks at the top. */
const NEAR_PX = 400

/** Whether the page is scrolled down, so that rows added at the top would push what is read. */
function useScrolledAway(): boolean {
  const [away, setAway] = useState(scrollY > NEAR_PX)
  useEffect(() => {
    const update = () => setAway(scrollY > NEAR_PX)
    addEventListener('scroll', update, { passive: true })
    return () => removeEventListener('scroll', update)
  }, [])
  return away
}

interface LogTailProps {
  readonly query: QueryParams
  readonly hrefOf: (id: string) => string
  readonly onOpen: (id: string) => void
}

/** Entries as they come in, the newest on top. Stands still while one points at the list, or has scrolled down. */
export function LogTail({ query: { params }, hrefOf, onOpen }: LogTailProps) {
  const [held, setHeld] = useState(false)
  const [pointed, setPointed] = useState(false)
  const scrolled = useScrolledAway()
  const paused = held || pointed || scrolled
  const tail = useTail(tailUrl(filterParams(params)), paused)
  return (
    <section aria-label="Live tail">
      <div class="tail-bar">
        <TailState tail={tail} paused={paused} />
        <button type="button" aria-pressed={held} onClick={() => setHeld(!held)}>
          {held ? 'Resume' : 'Pause'}
        </button>
      </div>
      {tail.error && <ErrorNote error={tail.error} />}
      {tail.lines.length > 0 ? (
        <div onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
          <LogTable
            entries={tail.lines}
            selected={params.get('entry') ?? undefined}
            hrefOf={hrefOf}
            onOpen={onOpen}
          />
        </div>
      ) : (
        !tail.error && <Empty title="Waiting for entries …">They appear here as they come in.</Empty>
      )}
    </section>
  )
}

function TailState({ tail, paused }: { tail: Tail; paused: boolean }) {
  const [tone, word] = paused ? (['warn', 'Paused'] as const) : (['good', 'Live'] as const)
  return (
    <p class="tail-state">
      <span role="status">
        {tail.open ? <Badge tone={tone}>{word}</Badge> : <Badge tone="neutral">Connecting</Badge>}
      </span>
      <span>{plural(tail.lines.length, 'line')}</span>
      {paused && tail.waiting > 0 && <span>{formatCount(tail.waiting)} more waiting</span>}
      {tail.dropped > 0 && (
        <span class="warn-text">{plural(tail.dropped, 'line')} dropped, too many to show</span>
      )}
      {tail.missed > 0 && <span class="warn-text">{plural(tail.missed, 'entry', 'entries')} missed</span>}
    </p>
  )
}
