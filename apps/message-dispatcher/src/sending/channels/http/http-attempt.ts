import type { Dispatcher } from 'undici'

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** An answer, as far as it was received. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly chunks: readonly Buffer[]
  /** Why the body is not whole; undefined where it is. */
  readonly incomplete: string | undefined
}

/** How a request ended: with an answer, or without one. */
export type HttpEnd =
  | { readonly answer: HttpAnswer }
  | {
      readonly answer: undefined
      /** Whether bytes of the request were sent. */
      readonly sent: boolean
      readonly detail: string
      readonly error?: Error
    }

/**
 * Follows one request through undici, and settles once. undici calls `onRequestStart` right before it writes: an attempt
 * that ends before that was never sent over the network, and one that ends after it may have arrived. A request is written
 * at most once: undici repeats only what waits behind another in a pipeline, and nothing is pipelined here.
 */
export class HttpAttempt implements Dispatcher.DispatchHandler {
  readonly #settle: (end: HttpEnd) => void
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: AnswerHeaders = {}
  #chunks: Buffer[] = []

  /** @param timeoutMs of the whole attempt */
  constructor(timeoutMs: number, settle: (end: HttpEnd) => void) {
    this.#settle = settle
    this.#timer = setTimeout(() => {
      this.#fail('timed out')
      this.#controller?.abort(new Error('timed out'))
    }, timeoutMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It timed out while it waited for a connection: aborted here, nothing is written.
    if (this.#settled) return controller.abort(new Error('timed out'))
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#endWithAnswer()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(describe(error), error)
  }

  /** Also for a request that undici refuses to begin. */
  #fail(detail: string, error?: Error): void {
    if (this.#status > 0) return this.#endWithAnswer(detail)
    this.#end({ answer: undefined, sent: this.#controller !== undefined, detail, ...(error && { error }) })
  }

  #endWithAnswer(incomplete?: string): void {
    this.#end({
      answer: { status: this.#status, headers: this.#headers, chunks: this.#chunks, incomplete },
    })
  }

  #end(end: HttpEnd): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#timer)
    this.#settle(end)
  }
}

/** @returns the first value of a header @param name in lower case */
export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The code is the most precise part; the message of an undici error may hold addresses, never headers. */
function describe(error: Error & { code?: string }): string {
  return error.code === undefined ? error.message : `${error.code}: ${error.message}`
}
