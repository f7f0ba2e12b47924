import { authorize, type ApiKey } from '../api-key.ts'
import type { Clock } from './clock.ts'
import { readAnswer, type Answer, type Outcome } from './read-answer.ts'
import { parseRetryAfter } from './retry-delay.ts'
import type { SenderLimits } from './sender-limits.ts'

export interface PostOptions {
  /** Of the route, with its query. */
  readonly url: string
  readonly key: ApiKey | undefined
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly clock: Clock
  readonly limits: Pick<SenderLimits, 'requestTimeoutMs' | 'answerBytes'>
}

/**
 * Sends events in one request. Never throws: what goes wrong on the way is an outcome, too.
 *
 * @param texts each as JSON
 * @param signal ends the request; its outcome means nothing then
 */
export async function postEvents(
  texts: readonly string[],
  signal: AbortSignal,
  options: PostOptions,
): Promise<Outcome> {
  const request = new AbortController()
  const abort = () => request.abort(signal.reason)
  const { requestTimeoutMs } = options.limits
  const stopTimer = options.clock.setTimer(
    () => request.abort(new Error(`No answer within ${requestTimeoutMs} ms`)),
    requestTimeoutMs,
  )
  signal.addEventListener('abort', abort)
  try {
    if (signal.aborted) abort()
    return readAnswer(await ask(texts, request.signal, options), texts.length)
  } catch (error) {
    return {
      verdict: 'retry',
      accepted: [],
      problem: { code: 'network', message: describe(request.signal.aborted ? request.signal.reason : error) },
    }
  } finally {
    stopTimer()
    signal.removeEventListener('abort', abort)
  }
}

async function ask(
  texts: readonly string[],
  signal: AbortSignal,
  { url, key, fetch, clock, limits }: PostOptions,
): Promise<Answer> {
  const headers = new Headers({ 'content-type': 'application/x-ndjson', accept: 'application/json' })
  authorize(headers, key)
  // A redirected POST would arrive as a GET, or with the key at another host.
  const init: RequestInit = { method: 'POST', headers, body: texts.join('\n'), redirect: 'manual', signal }
  const response = await fetch(url, init)
  return {
    status: response.status,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), clock.nowMs()),
    text: await readText(response, limits.answerBytes),
  }
}

/** @throws Error where the answer is larger */
async function readText({ body }: Response, limitBytes: number): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > limitBytes) throw new Error(`The answer is larger than ${limitBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** `fetch failed` says nothing: the reason is its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
