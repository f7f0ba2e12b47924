import type { Dispatcher } from 'undici'
import { decodeBody, type DecodedBody } from './decode-body.ts'
import { judgeAnswer, type AnswerRules, type AnswerVerdict } from './judge-answer.ts'
import { parseRetryAfter } from './parse-retry-after.ts'

/** How an attempt ended. */
export interface AttemptEnd extends AnswerVerdict {
  readonly retryAfterMs?: number
  /** As received; for the log. */
  readonly body: string
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface AttemptOptions extends AnswerRules {
  /** Of a whole attempt, in milliseconds. */
  readonly timeoutMs: number
  /** Of an answer, also once it is inflated. */
  readonly maxAnswerBytes: number
}

/**
 * Follows one request through undici, and settles once. undici calls `onRequestStart` right before it writes: an attempt
 * that ends before that was never sent over the network, and one that ends after it may have arrived. A request is written
 * at most once: undici repeats only what waits behind another in a pipeline, and nothing is pipelined here.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #settle: (end: AttemptEnd) => void
  readonly #nowMs: () => number
  readonly #options: AttemptOptions
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: Headers = {}
  #chunks: Buffer[] = []

  constructor(options: AttemptOptions, nowMs: () => number, settle: (end: AttemptEnd) => void) {
    this.#options = options
    this.#nowMs = nowMs
    this.#settle = settle
    this.#timer = setTimeout(() => {
      this.#fail('timed out')
      this.#controller?.abort(new Error('timed out'))
    }, options.timeoutMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It timed out while it waited for a connection: aborted here, nothing is written.
    if (this.#settled) return controller.abort(new Error('timed out'))
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#judge()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(describe(error))
  }

  /** Also for a request that undici refuses to begin. */
  #fail(detail: string): void {
    if (this.#status > 0) return this.#judge(detail)
    this.#end({ outcome: this.#controller ? 'uncertain' : 'unreached', detail, body: '' })
  }

  /** @param incomplete why the answer is not whole */
  #judge(incomplete?: string): void {
    const decoded = this.#decode(incomplete !== undefined)
    const verdict = judgeAnswer({ status: this.#status, body: decoded, incomplete }, this.#options)
    const body = 'text' in decoded ? decoded.text : ''
    if (verdict.outcome !== 'refused') return this.#end({ ...verdict, body })
    const retryAfterMs = parseRetryAfter(this.#header('retry-after'), this.#header('date'), this.#nowMs())
    this.#end({ ...verdict, ...(retryAfterMs !== undefined && { retryAfterMs }), body })
  }

  /** Half of a compressed body is not readable, and is not looked at. */
  #decode(isCut: boolean): DecodedBody {
    const { length } = this.#chunks
    const bytes = length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    const contentEncoding = this.#header('content-encoding')
    if (isCut && contentEncoding !== undefined) return { text: '' }
    const contentType = this.#header('content-type')
    return decodeBody(bytes, { contentType, contentEncoding }, this.#options.maxAnswerBytes)
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name]
    return Array.isArray(value) ? value[0] : value
  }

  #end(end: AttemptEnd): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#settle(end)
  }
}

/** The code is the most precise part; the message of an undici error may hold addresses, never headers. */
function describe(error: Error & { code?: string }): string {
  return error.code === undefined ? error.message : `${error.code}: ${error.message}`
}
