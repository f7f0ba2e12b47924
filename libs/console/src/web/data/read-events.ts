import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { request } from '../api/request.ts'

/** A stream that is being read, and how far. */
export interface EventSubscription {
  readonly url: string
  /** Id of the last event that was received: the next connection continues after it. Updated by {@link readEvents}. */
  lastId?: string | undefined
  /** Called once the server has answered. */
  readonly onOpen: () => void
  readonly onEvents: (events: readonly EventSourceMessage[]) => void
}

/** Characters of an event that has not ended; no event of query-api is as long. */
const MAX_EVENT_CHARACTERS = 4 * 1024 ** 2

/**
 * Reads server-sent events until the stream ends. Not with EventSource, which does not report why it was refused.
 *
 * @throws ApiError when the server refuses; Error for an event without end; the network's error when the connection
 *   breaks; AbortError
 */
export async function readEvents(subscription: EventSubscription, signal: AbortSignal): Promise<void> {
  const { url, lastId, onOpen, onEvents } = subscription
  const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) }
  const response = await request(url, { headers, signal })
  onOpen()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let events: EventSourceMessage[] = []
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: (event) => events.push(event),
    onError: (error) => {
      // Fields that the parser does not know are ignored, as the standard demands.
      if (error.type === 'max-buffer-size-exceeded') throw error
    },
  })
  try {
    while (reader) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(value)
      if (events.length === 0) continue
      subscription.lastId = events.findLast(({ id }) => id)?.id ?? subscription.lastId
      onEvents(events)
      events = []
    }
  } finally {
    // What was refused must not keep its connection open.
    void reader?.cancel().catch(() => undefined)
  }
}
