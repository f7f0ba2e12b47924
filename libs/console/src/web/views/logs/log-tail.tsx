import { useState, useEffect } from 'preact/hooks'
import { tailUrl, type LogEntry } from '../../api/logs.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { formatCount, plural } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { ErrorNote } from '../../parts/error-note.tsx'
import type { LogLook } from './use-look.ts'
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
  readonly look: LogLook
  /** Called with the lines that are shown. */
  readonly onLines: (lines: readonly LogEntry[]) => void
}

/** Why no more entries are shown at the moment. */
type Rest = 'held' | 'pointed' | 'scrolled'

const REASONS: Readonly<Record<Rest, string>> = {
  held: 'until you resume it',
  pointed: 'while the pointer is on the list',
  scrolled: 'while you read further down',
}

/** Entries as they come in, the newest on top. Rests while one points at the list, or has scrolled down. */
export function LogTail({ query: { params }, hrefOf, onOpen, look, onLines }: LogTailProps) {
  const [held, setHeld] = useState(false)
  const [pointed, setPointed] = useState(false)
  const scrolled = useScrolledAway()
  const reason: Rest | undefined = held ? 'held' : scrolled ? 'scrolled' : pointed ? 'pointed' : undefined
  const tail = useTail(tailUrl(filterParams(params)), reason !== undefined, held)
  useEffect(() => onLines(tail.lines), [tail.lines])
  // An empty list is not read: it rests only when a person says so.
  const rest = tail.lines.length > 0 || held ? reason : undefined
  const toNewest = () => {
    setHeld(false)
    setPointed(false)
    scrollTo({ top: 0 })
  }
  return (
    <section aria-label="Live tail">
      <div class="tail-bar">
        <TailState tail={tail} rest={rest} />
        {rest !== undefined && tail.waiting > 0 && (
          <button type="button" class="primary" onClick={toNewest}>
            To the newest ({formatCount(tail.waiting)})
          </button>
        )}
        {/* Keeps its place: a click that was meant for it hits nothing else. */}
        <button type="button" onClick={() => setHeld(!held)}>
          {held ? 'Resume' : 'Pause'}
        </button>
      </div>
      {tail.error && <ErrorNote error={tail.error} />}
      {/* Always there, whatever the list is: the pointer may leave what is taken away under it without a word. */}
      <div
        onPointerEnter={({ pointerType }) => setPointed(pointerType === 'mouse')}
        onPointerLeave={() => setPointed(false)}
      >
        {tail.lines.length > 0 ? (
          <LogTable
            entries={tail.lines}
            selected={params.get('entry') ?? undefined}
            hrefOf={hrefOf}
            onOpen={onOpen}
            {...look}
          />
        ) : (
          !tail.error && <Empty title="Waiting for entries …">They appear here as they come in.</Empty>
        )}
      </div>
    </section>
  )
}

function TailState({ tail, rest }: { tail: Tail; rest: Rest | undefined }) {
  const tone = rest ? 'warn' : 'good'
  const word = rest === 'held' ? 'Paused' : rest ? 'Rests' : 'Live'
  return (
    <p class="tail-state">
      <span role="status">
        {tail.open ? <Badge tone={tone}>{word}</Badge> : <Badge tone="neutral">Connecting</Badge>}
        {rest && <span class="tail-why"> {REASONS[rest]}</span>}
      </span>
      <span>{plural(tail.lines.length, 'line')}</span>
      {tail.dropped > 0 && (
        <span class="warn-text">{plural(tail.dropped, 'line')} dropped, too many to show</span>
      )}
      {tail.missed > 0 && <span class="warn-text">{plural(tail.missed, 'entry', 'entries')} missed</span>}
    </p>
  )
}
