import { Type } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES, MAX_KEY_BYTES } from './limits.ts'
import { TimestampText } from './primitives.ts'

/**
 * A log entry: any JSON object. The known members are promoted to columns where they have the expected type and
 * are otherwise just kept, so that no logger is ever refused for its own conventions (level 30, message null).
 */
export const LogSchema = Type.Object(
  {
    level: Type.Optional(
      Type.Unknown({ maxBytes: MAX_INDEXED_TEXT_BYTES, description: 'Text: info, error ...' }),
    ),
    message: Type.Optional(Type.Unknown({ description: 'Text' })),
    service: Type.Optional(
      Type.Unknown({ maxBytes: MAX_INDEXED_TEXT_BYTES, description: 'Text: who logged it' }),
    ),
    timestamp: Type.Optional(Type.Unknown({ description: TimestampText })),
    attributes: Type.Optional(Type.Unknown({ description: 'An object that can be filtered by' })),
    eventId: Type.Optional(
      Type.Unknown({
        maxBytes: MAX_KEY_BYTES,
        description: 'Text: idempotency key; of another type it is just kept',
      }),
    ),
  },
  { $id: 'Log', examples: [{ level: 'info', message: 'testing the platform' }] },
)
