import type { StoredLog } from '@runnel/repositories'
import { Type } from 'typebox'
import { encodeEvent, eventMembers, NullableText } from './event-json.ts'

/** A log entry of an answer. */
export const LogSchema = Type.Object({
  ...eventMembers,
  level: NullableText,
  service: NullableText,
  message: NullableText,
  data: Type.Unknown({ description: 'The entry as it was sent' }),
})

/** A log entry as JSON, the same in lists, streams and files. */
export function encodeLog(log: StoredLog): string {
  const { level, service, message } = log
  return encodeEvent(log, { level, service, message }, { data: log.dataText })
}
