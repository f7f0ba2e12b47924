import type { StoredSpan } from '../../api/traces.ts'

/** A span with its place in the trace. */
export interface SpanNode {
  readonly span: StoredSpan
  /** 1 for roots. */
  readonly level: number
  /** Spans below it, at all levels. */
  readonly below: number
  /** Its place among its siblings, from 1 on, and how many those are. */
  readonly place: number
  readonly siblings: number
  readonly parent: string | undefined
  /** Milliseconds from the start of the trace. */
  readonly startMs: number
}

/** A trace as rows: each span behind its parent. */
export interface SpanTree {
  readonly rows: readonly SpanNode[]
  /** From the first start to the last end. */
  readonly durationMs: number
}

interface Draft {
  readonly span: StoredSpan
  readonly children: Draft[]
  isPlaced: boolean
}

/**
 * Spans whose parent has not come are roots, and so is one of those that call each other in a circle. No recursion: a chain may be
 * as long as a trace.
 *
 * @param spans in the order in which they began
 */
export function buildTree(spans: readonly StoredSpan[]): SpanTree {
  const drafts = new Map(spans.map((span) => [span.spanId, { span, children: [], isPlaced: false } as Draft]))
  const roots: Draft[] = []
  for (const draft of drafts.values()) {
    const { parentSpanId, spanId } = draft.span
    const parent = parentSpanId === null || parentSpanId === spanId ? undefined : drafts.get(parentSpanId)
    if (parent) parent.children.push(draft)
    else roots.push(draft)
  }
  const originMs = Math.min(...ends(spans, startOf))
  const rows: SpanNode[] = []
  placeAll(roots, originMs, rows)
  const inCircles = [...drafts.values()].filter(({ isPlaced }) => !isPlaced)
  for (const draft of inCircles) if (!draft.isPlaced) placeAll([draft], originMs, rows)
  const endMs = Math.max(...ends(spans, (span) => startOf(span) + span.durationMs))
  return { rows, durationMs: spans.length === 0 ? 0 : endMs - originMs }
}

/** In parts: a call takes no more than some ten thousand arguments. */
function ends(spans: readonly StoredSpan[], valueOf: (span: StoredSpan) => number): number[] {
  let [least, most] = [Infinity, -Infinity]
  for (const span of spans) {
    const value = valueOf(span)
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

interface Open {
  readonly draft: Draft
  readonly level: number
  readonly place: number
  readonly siblings: number
  readonly parent: number | undefined
}

function placeAll(roots: readonly Draft[], originMs: number, rows: SpanNode[]): void {
  const below: number[] = []
  const parents: (number | undefined)[] = []
  const first = rows.length
  const open: Open[] = toOpen(roots, 1, undefined)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { draft, level, place, siblings, parent } = next
    if (draft.isPlaced) continue
    draft.isPlaced = true
    const { span, children } = draft
    const row = rows.length
    below[row] = 0
    parents[row] = parent
    rows.push({
      ...{ span, level, place, siblings, below: 0 },
      parent: parent === undefined ? undefined : rows[parent]!.span.spanId,
      startMs: startOf(span) - originMs,
    })
    for (const child of toOpen(children, level + 1, row)) open.push(child)
  }
  for (let row = rows.length - 1; row >= first; row--) {
    const parent = parents[row]
    if (parent !== undefined) below[parent]! += below[row]! + 1
    rows[row] = { ...rows[row]!, below: below[row]! }
  }
}

/** The last one first: they are taken from the end. */
function toOpen(drafts: readonly Draft[], level: number, parent: number | undefined): Open[] {
  return drafts.map((draft, i) => ({ draft, level, parent, place: i + 1, siblings: drafts.length })).reverse()
}

/** The rows that are seen while some are folded. */
export function visibleRows(rows: readonly SpanNode[], folded: ReadonlySet<string>): SpanNode[] {
  const seen: SpanNode[] = []
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    seen.push(row)
    if (folded.has(row.span.spanId)) i += row.below
  }
  return seen
}

/** To the microsecond: Date knows milliseconds alone. */
function startOf({ startedAt }: StoredSpan): number {
  const beyond = /\.\d{3}(\d{3})Z$/.exec(startedAt)
  return Date.parse(startedAt) + (beyond ? Number(beyond[1]) / 1000 : 0)
}
