import { AppError } from '@runnel/contracts'
import type { DecodedBody, DecodeLimits, DecodeRejection } from '../../wire-format.ts'
import { addMetadata, createKey, metadataOf } from './add-metadata.ts'
import { readAction, type BulkAction } from './bulk-action.ts'
import { BulkLines, type BulkLine } from './bulk-lines.ts'

/** What the answer to a bulk request needs of it. */
export interface BulkContext {
  /** In the order of the request; neighbours that say the same are one object. */
  readonly actions: readonly BulkAction[]
  /** By performance.now(). */
  readonly startMs: number
}

/** Stands for an action line that says nothing: the answer has an item for each. */
const UNKNOWN_ACTION: BulkAction = { operation: 'index', index: undefined, id: undefined }

/** Pauses may come after as many characters, of lines with this cost each beside their length. */
const STEP_COST = 65_536
const LINE_COST = 256

/** A body that begins with as many lines without an action is refused as a whole. */
const MAX_LINES_BEFORE_ACTION = 100

/**
 * Reads a bulk body: action lines, with a document behind each but `delete`. What is wrong with a line costs its item alone.
 *
 * @param pathIndex the index of what names none itself
 * @param limits where there are more items, reading ends behind them
 * @throws AppError empty_batch | bad_request where no line is an action
 */
export function* readBulk(
  bytes: Buffer,
  pathIndex: string | undefined,
  limits: BulkLimits,
): Generator<void, DecodedBody<BulkContext>> {
  const startMs = performance.now()
  const reading = new BulkReading(new BulkLines(bytes), pathIndex, limits)
  while (reading.readSome()) yield
  const { actions, texts, plain, indexes, keys, rejected, hasAction } = reading
  if (actions.length === 0) throw new AppError('empty_batch', 'request body is required')
  if (!hasAction) throw noActions()
  return {
    form: 'records',
    kinds: 'logs',
    texts,
    plain,
    indexes,
    ...(keys.length > 0 && { keys }),
    rejected,
    context: { actions, startMs },
  }
}

type BulkLimits = Pick<DecodeLimits, 'maxItems' | 'eventLimitBytes'>

class BulkReading {
  readonly actions: BulkAction[] = []
  readonly texts: string[] = []
  readonly plain: boolean[] = []
  readonly indexes: number[] = []
  /** Empty as long as no document has one. */
  readonly keys: (string | undefined)[] = []
  readonly rejected: DecodeRejection[] = []
  hasAction = false
  readonly #lines: BulkLines
  readonly #pathIndex: string | undefined
  readonly #limits: BulkLimits
  /** A line that was read to see what it is, and is another item's. */
  #ahead: BulkLine | undefined
  /** As a rule all lines of a body say the same. */
  #lastLine: string | undefined
  #lastAction: BulkAction | undefined
  #metadata = ''
  /** Without an escape, nothing in it has to be looked at. */
  #isPlainMetadata = true
  #cost = 0

  constructor(lines: BulkLines, pathIndex: string | undefined, limits: BulkLimits) {
    this.#lines = lines
    this.#pathIndex = pathIndex
    this.#limits = limits
  }

  /** @returns whether there may be more */
  readSome(): boolean {
    for (this.#cost = 0; this.#cost < STEP_COST;) {
      if (this.actions.length > this.#limits.maxItems || this.#isHopeless()) return false
      const line = this.#next()
      if (line === undefined) return false
      this.#readItem(line)
    }
    return true
  }

  #isHopeless(): boolean {
    return !this.hasAction && this.actions.length >= MAX_LINES_BEFORE_ACTION
  }

  #next(): BulkLine | undefined {
    const line = this.#ahead ?? this.#lines.next()
    this.#ahead = undefined
    this.#cost += LINE_COST + (typeof line === 'string' ? line.length : 0)
    return line
  }

  #readItem(line: BulkLine): void {
    const action = this.#readAction(line)
    if (action === undefined) return this.#skipUnknown()
    this.hasAction = true
    this.actions.push(action)
    if (action.operation === 'delete') return this.#reject('invalid_field', 'Runnel deletes no documents')
    const document = this.#nextDocument()
    if (action.operation === 'update') return this.#reject('invalid_field', 'Runnel updates no documents')
    if (document === undefined) return this.#reject('bad_request', 'The document of the action is missing')
    if (document instanceof AppError) return this.#reject(document.code, document.message)
    this.#take(document, action)
  }

  /** @returns undefined where the document is missing: at the end, or where a blank line stands for it before the next action */
  #nextDocument(): BulkLine | undefined {
    const line = this.#next()
    if (typeof line !== 'string' || !this.#lines.isBehindBlank) return line
    if (readAction(line, this.#pathIndex) === undefined) return line
    this.#ahead = line
    return undefined
  }

  #readAction(line: BulkLine): BulkAction | undefined {
    if (line instanceof AppError) return undefined
    if (line !== this.#lastLine) {
      this.#lastLine = line
      this.#lastAction = readAction(line, this.#pathIndex)
      this.#metadata = this.#lastAction === undefined ? '' : metadataOf(this.#lastAction)
      this.#isPlainMetadata = !this.#metadata.includes('\\')
    }
    return this.#lastAction
  }

  /** What stands behind is the document of this item, unless it is an action itself. */
  #skipUnknown(): void {
    this.actions.push(UNKNOWN_ACTION)
    this.#reject('bad_json', 'Malformed action/metadata line: expected {"index":{...}} or {"create":{...}}')
    const next = this.#next()
    if (next !== undefined && this.#readAction(next) !== undefined) this.#ahead = next
  }

  #take(document: string, action: BulkAction): void {
    const { operation, index, id } = action
    const key = operation === 'create' && id !== undefined ? createKey(index, id) : undefined
    if (key !== undefined) this.keys[this.texts.length] = key
    this.plain.push(this.#isPlainMetadata && this.#lines.isPlainLog(this.#limits, this.#metadata.length))
    this.texts.push(addMetadata(document, this.#metadata))
    this.indexes.push(this.actions.length - 1)
  }

  #reject(code: string, message: string): void {
    this.rejected.push({ index: this.actions.length - 1, kind: 'logs', code, message })
  }
}

function noActions(): AppError {
  return new AppError('bad_request', 'Malformed action/metadata line [1]: the body holds no action', {
    expected: 'lines of {"index":{...}} or {"create":{...}}, with a document behind each',
  })
}
