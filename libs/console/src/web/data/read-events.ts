import { request } from '../api/request.ts'
import { EventStreamParser, type StreamEvent } from './event-stream.ts'

/** A stream that is read, and where it has got to. */
export interface EventSubscription {
  readonly url: string
  /** The last event that came: the next connection goes on behind it. Kept up to date here. */
  lastId?: string | undefined
  /** Called once the server has answered. */
  readonly onOpen: () => void
  readonly onEvents: (events: readonly StreamEvent[]) => void
}

/**
 * Reads server-sent events until the stream ends. Not with EventSource, which cannot tell why it was refused.
 *
 * @throws ApiError when it refuses; whatever the network says when it breaks; AbortError
 */
export async function readEvents(subscription: EventSubscription, signal: AbortSignal): Promise<void> {
  const { url, lastId, onOpen, onEvents } = subscription
  const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) }
  const response = await request(url, { headers, signal })
  onOpen()
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const parser = new EventStreamParser()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) return
    const events = parser.push(value)
    subscription.lastId = parser.lastId ?? subscription.lastId
    if (events.length > 0) onEvents(events)
  }
}
