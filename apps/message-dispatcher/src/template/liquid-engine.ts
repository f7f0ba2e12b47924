import { MAX_TEMPLATE_BYTES } from '@runnel/contracts'
import { CaptureTag, type Context, Liquid } from 'liquidjs'

/** Milliseconds that one rendering may take; it is tried twice. A usual one takes about 10 microseconds. */
const RENDER_LIMIT_MS = 40

/** What one rendering may produce: characters of texts, items of lists and ranges, counted each time they are produced. */
const MEMORY_LIMIT = 50_000

/** Tags that read files (include, render, layout) or write tables have no place in a message. */
const TAGS = [
  ...['assign', 'capture', 'case', 'comment', 'cycle', 'decrement', 'echo', 'for', 'if', 'increment'],
  ...['liquid', 'raw', 'unless', 'break', 'continue', '#'],
]

/** Left out are filters that evaluate text as expressions, match HTML by slow patterns, or return something else each time. */
const FILTERS = [
  ...['abs', 'append', 'at_least', 'at_most', 'capitalize', 'ceil', 'compact', 'concat', 'date', 'default'],
  ...['divided_by', 'downcase', 'first', 'floor', 'join', 'last', 'lstrip', 'map', 'minus', 'modulo', 'plus'],
  ...['prepend', 'remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last'],
  ...[
    'reverse',
    'round',
    'rstrip',
    'size',
    'slice',
    'sort',
    'sort_natural',
    'split',
    'strip',
    'strip_newlines',
  ],
  ...['sum', 'times', 'truncate', 'truncatewords', 'uniq', 'upcase', 'url_encode', 'where'],
]

/** Liquid without files, inherited members and unbounded work. */
export function createLiquidEngine(renderLimitMs = RENDER_LIMIT_MS): Liquid {
  const engine = new Liquid({
    cache: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    parseLimit: MAX_TEMPLATE_BYTES,
    renderLimit: renderLimitMs,
    memoryLimit: MEMORY_LIMIT,
    templates: {},
  })
  keepOnly(engine.tags, TAGS)
  keepOnly(engine.filters, FILTERS)
  engine.registerTag('capture', CountedCapture)
  return engine
}

/** Liquid does not count captured text: thirty captures that double each other produce gigabytes. */
class CountedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context)
    const captured: unknown = context.bottom()[this.variable]
    context.memoryLimit.use(String(captured ?? '').length)
  }
}

function keepOnly(registry: object, names: readonly string[]): void {
  for (const name of Object.keys(registry)) {
    if (!names.includes(name)) delete (registry as Record<string, unknown>)[name]
  }
}
