import { AppError, type JsonObject } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { describeRejection } from '../../describe-rejection.ts'
import type { DecodedBody, DecodeLimits, DecodeRejection } from '../../wire-format.ts'
import type { MappedEvent } from '../shared/map-records.ts'
import { toEvents } from './line-events.ts'
import type { ParsedLine } from './parse-lines.ts'
import type { Precision } from './precision.ts'
import { TextLimit } from '../shared/text-limit.ts'

interface LineOptions<Context> {
  readonly precision: Precision
  readonly tenancy: JsonObject
  readonly limits: DecodeLimits
  /** Of a body whose lines all have a time: one without is of the moment, and two that are equal may be two. */
  readonly bodyKey: () => string
  readonly context: Context
}

/** Lines as metrics, in slices; a bad line costs itself. Items are lines, by their place in the body. */
export function decodeLines<Context>(
  lines: Iterable<ParsedLine | undefined>,
  options: LineOptions<Context>,
): DecodedBody<Context> | Promise<DecodedBody<Context>> {
  return inSlices(addLines(lines, options))
}

function* addLines<Context>(
  lines: Iterable<ParsedLine | undefined>,
  { precision, tenancy, limits, bodyKey, context }: LineOptions<Context>,
): Generator<void, DecodedBody<Context>> {
  const [texts, values, indexes]: [string[], JsonObject[], number[]] = [[], [], []]
  const rejected: DecodeRejection[] = []
  let haveTimes = true
  const size = new TextLimit(limits)
  const isFull = () => texts.length + rejected.length > limits.maxItems
  for (const parsed of lines) {
    yield
    if (parsed === undefined) continue
    const { number, line } = parsed
    let events: readonly MappedEvent[] = []
    try {
      if (line instanceof AppError) throw line
      events = toEvents(line, precision, tenancy)
      haveTimes &&= line.timestamp !== undefined
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      rejected.push({ kind: 'metrics', ...describeRejection(number, error) })
    }
    for (const { item } of events) {
      const text = JSON.stringify(item)
      size.add(text)
      texts.push(text)
      values.push(item)
      indexes.push(number)
      if (isFull()) break
      yield
    }
    if (isFull()) break
  }
  return {
    ...{ form: 'records', kinds: 'metrics', texts, values, indexes, rejected, context },
    ...(haveTimes && texts.length > 0 && { bodyKey: bodyKey() }),
  }
}
