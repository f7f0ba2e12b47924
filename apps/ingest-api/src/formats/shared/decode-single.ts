import { AppError, type EventOperation, type JsonValue, type Kind } from '@runnel/contracts'
import type { DecodedBody } from '../../wire-format.ts'

/** One event as it is sent on. */
export interface SingleEvent {
  readonly text: string
  /** What the text says, where that is known. */
  readonly value?: JsonValue
  /** Default: that of the route. */
  readonly kind?: Kind
  readonly operation?: EventOperation | undefined
  readonly key?: string | undefined
}

/**
 * A body of one event. What is wrong with it is the error of the request, and counts as an event that was refused.
 *
 * @param kind under which it is counted where it cannot be read
 * @param read throws an AppError of the event
 */
export function decodeSingle<Context>(
  kind: Kind,
  context: Context,
  read: () => SingleEvent,
): DecodedBody<Context> {
  try {
    const { text, value, kind: kinds = kind, operation, key } = read()
    return {
      ...{ form: 'single', kinds, texts: [text], operations: [operation], keys: [key], context },
      ...(value !== undefined && { values: [value] }),
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { form: 'single', kinds: kind, texts: [''], error, context }
  }
}
