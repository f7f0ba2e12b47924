import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { CliError } from '../../cli-error.ts'
import { toCliError } from '../../connection/problem.ts'
import { unreachable } from '../../connection/fetch-answer.ts'
import type { Target } from '../../connection/target.ts'

/** A live tail that is being read, and how far. */
export interface TailSubscription {
  readonly target: Target
  readonly query: string
  /** Id of the last entry: the next connection goes on behind it. Updated by {@link readTail}. */
  lastId?: string | undefined
  /** Called once the server has answered. */
  readonly onOpen: () => Promise<void>
  readonly onEvent: (event: EventSourceMessage) => Promise<void>
}

/** The server sends a sign of life every 15 s: a connection that is silent for so long is dead. */
const SILENCE_MS = 45_000
/** Of an event that has not ended; no event of query-api is as long. */
const MAX_EVENT_CHARACTERS = 4 * 1024 ** 2

/**
 * Reads server-sent events until the stream ends or falls silent.
 *
 * @throws CliError where the server refuses or is not reached; the reason of the signal
 */
export async function readTail(subscription: TailSubscription, signal: AbortSignal): Promise<void> {
  const { target, onOpen, onEvent } = subscription
  const silence = new AbortController()
  const timer = createTimer(() => silence.abort())
  const until = AbortSignal.any([signal, silence.signal])
  const events: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: (event) => void events.push(event),
  })
  const decoder = new TextDecoder()
  try {
    timer.set(target.timeoutMs)
    const body = await open(subscription, until)
    timer.set(SILENCE_MS)
    await onOpen()
    for await (const chunk of body) {
      // Whoever reads the results may be slow: that is not the silence of the server.
      timer.clear()
      parser.feed(decoder.decode(chunk, { stream: true }))
      for (const event of events.splice(0)) {
        await onEvent(event)
        subscription.lastId = event.id ?? subscription.lastId
      }
      timer.set(SILENCE_MS)
    }
  } catch (error) {
    signal.throwIfAborted()
    const { origin } = new URL(target.url)
    throw error instanceof CliError ? error : unreachable(origin, silence.signal.aborted ? SILENT : error)
  } finally {
    timer.clear()
  }
}

const SILENT = new Error('it has fallen silent')

function createTimer(onEnd: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    set: (ms: number) => {
      clearTimeout(timer)
      timer = setTimeout(onEnd, ms)
    },
    clear: () => clearTimeout(timer),
  }
}

async function open({ target, query, lastId }: TailSubscription, signal: AbortSignal) {
  const parameters = query === '' ? '' : `?${new URLSearchParams({ query }).toString()}`
  const headers = {
    accept: 'text/event-stream',
    ...(lastId !== undefined && { 'last-event-id': lastId }),
    ...(target.key !== undefined && { authorization: `Bearer ${target.key}` }),
  }
  const response = await fetch(`${target.url}/api/v1/logs/tail${parameters}`, {
    headers,
    signal,
    redirect: 'error',
  })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (response.ok && isStream && response.body) return response.body
  throw toCliError(response, parseOrText(await response.text()))
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
