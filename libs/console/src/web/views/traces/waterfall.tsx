import { useCallback, useEffect, useId, useRef, useState } from 'preact/hooks'
import { memo } from '../../data/memo.ts'
import { classNames } from '../../parts/class-names.ts'
import { formatLatency } from '../../format/latency.ts'
import { serviceColor } from './service-color.ts'
import type { SpanNode } from './span-tree.ts'
import { keyAction } from './waterfall-keys.ts'

interface WaterfallProps {
  /** Those that are not folded away. */
  readonly rows: readonly SpanNode[]
  readonly folded: ReadonlySet<string>
  readonly durationMs: number
  readonly selected: string | undefined
  readonly onSelect: (spanId: string) => void
  readonly onFold: (spanId: string, fold: boolean) => void
}

/** As in the style sheet. */
const ROW_PX = 28
/** Rows that are drawn beyond what is seen, so that scrolling shows no gaps. */
const BEYOND = 12

/**
 * Spans over time, one to a row. Only rows that are seen are drawn, so that ten thousand scroll as ten do. A tree for keyboards: arrows
 * move and fold, Enter opens.
 */
export function Waterfall({ rows, folded, durationMs, selected, onSelect, onFold }: WaterfallProps) {
  const frame = useRef<HTMLDivElement>(null)
  const seen = useSeenRows(frame)
  const treeId = useId()
  const [active, setActive] = useState(selected ?? rows[0]?.span.spanId)
  const at = Math.max(
    0,
    rows.findIndex(({ span }) => span.spanId === active),
  )
  const first = Math.max(0, seen.first - BEYOND)
  const last = Math.min(rows.length, seen.first + seen.count + BEYOND)
  const isDrawn = at >= first && at < last
  // Always the same one, so that rows that do not change are not drawn again.
  const onOpen = useCallback(
    (spanId: string) => {
      setActive(spanId)
      onSelect(spanId)
    },
    [onSelect],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event, rows, at, folded)
    if (!action) return
    event.preventDefault()
    if (action.type === 'open') onSelect(action.spanId)
    else if (action.type === 'fold') onFold(action.spanId, action.fold)
    else {
      setActive(rows[action.row]!.span.spanId)
      scrollTo(frame.current, action.row)
    }
  }
  return (
    <div
      class="waterfall"
      ref={frame}
      role="tree"
      tabIndex={0}
      aria-label="Spans; arrows move and fold, Enter opens"
      aria-activedescendant={isDrawn ? `${treeId}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div class="waterfall-rows" role="none" style={{ height: `${rows.length * ROW_PX}px` }}>
        {rows.slice(first, last).map((node, i) => (
          <WaterfallRow
            key={node.span.spanId}
            id={`${treeId}-${first + i}`}
            node={node}
            topPx={(first + i) * ROW_PX}
            totalMs={durationMs}
            isFolded={folded.has(node.span.spanId)}
            isActive={first + i === at}
            isSelected={node.span.spanId === selected}
            onOpen={onOpen}
            onFold={onFold}
          />
        ))}
      </div>
    </div>
  )
}

function scrollTo(frame: HTMLElement | null, row: number): void {
  if (!frame) return
  const top = row * ROW_PX
  if (top < frame.scrollTop) frame.scrollTop = top
  else if (top + ROW_PX > frame.scrollTop + frame.clientHeight)
    frame.scrollTop = top + ROW_PX - frame.clientHeight
}

/** Which rows a frame shows: updated while it scrolls, and when its size changes. */
function useSeenRows(frame: { readonly current: HTMLElement | null }) {
  const [seen, setSeen] = useState({ first: 0, count: 30 })
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const update = () => {
      const first = Math.floor(element.scrollTop / ROW_PX)
      const count = Math.ceil(element.clientHeight / ROW_PX) + 1
      setSeen((before) => (before.first === first && before.count === count ? before : { first, count }))
    }
    update()
    const sizes = new ResizeObserver(update)
    sizes.observe(element)
    element.addEventListener('scroll', update, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', update)
    }
  }, [frame])
  return seen
}

interface RowProps {
  readonly id: string
  readonly node: SpanNode
  readonly topPx: number
  readonly totalMs: number
  readonly isFolded: boolean
  readonly isActive: boolean
  readonly isSelected: boolean
  readonly onOpen: (spanId: string) => void
  readonly onFold: (spanId: string, fold: boolean) => void
}

/** Levels that are drawn apart; deeper ones stand under each other. */
const MAX_INDENT = 24

const WaterfallRow = memo(function Row(props: RowProps) {
  const { id, node, topPx, totalMs, isFolded, isActive, isSelected, onOpen, onFold } = props
  const { span, level, below, place, siblings, startMs } = node
  const failed = span.status === 'error'
  const share = (ms: number) => `${totalMs > 0 ? (100 * ms) / totalMs : 0}%`
  const took = formatLatency(span.durationMs)
  return (
    <div
      id={id}
      class={classNames('waterfall-row', isActive && 'active', isSelected && 'selected')}
      role="treeitem"
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-expanded={below > 0 ? !isFolded : undefined}
      style={{ transform: `translateY(${topPx}px)` }}
      onClick={() => onOpen(span.spanId)}
    >
      <span
        class="waterfall-name"
        style={{ paddingInlineStart: `${Math.min(level - 1, MAX_INDENT) * 0.75}rem` }}
      >
        <span
          class="waterfall-fold"
          aria-hidden="true"
          onClick={(event) => {
            if (below === 0) return
            event.stopPropagation()
            onFold(span.spanId, !isFolded)
          }}
        >
          {below === 0 ? '' : isFolded ? '▸' : '▾'}
        </span>
        <i class="waterfall-mark" aria-hidden="true" style={{ background: serviceColor(span.service) }} />
        <b>{span.service}</b> {span.name} {failed && <span class="waterfall-error">failed</span>}
        {isFolded && <span class="quiet"> +{below}</span>}
      </span>{' '}
      <span class="waterfall-time" aria-hidden="true">
        <span
          class={classNames('waterfall-bar', failed && 'failed')}
          style={{
            insetInlineStart: share(startMs),
            width: share(span.durationMs),
            background: serviceColor(span.service),
          }}
        />
      </span>
      <span class="waterfall-took">{took}</span>
    </div>
  )
})
