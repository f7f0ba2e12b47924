import { isJsonObject, LOG_MEMBERS, type JsonObject } from '@runnel/contracts'
import type { EventKind } from '@runnel/client'
import type { SendItem } from '../send/send-item.ts'

/**
 * Events that name no time get that of the last change of their file. The sender would give them that of the call: the file again would
 * be other events under the same ids.
 *
 * @param time RFC 3339
 */
export async function* withFileTime(
  items: AsyncIterable<SendItem>,
  kind: EventKind,
  time: string,
): AsyncGenerator<SendItem> {
  for await (const each of items)
    yield 'item' in each ? { ...each, item: withTime(each.item, kind, time) } : each
}

function withTime(item: JsonObject, kind: EventKind, time: string): JsonObject {
  if (kind === 'logs')
    return LOG_MEMBERS.time.some((name) => name in item) ? item : { ...item, timestamp: time }
  const { data } = item
  if (kind !== 'metrics' || !isJsonObject(data) || 'timestamp' in data) return item
  return { ...item, data: { ...data, timestamp: time } }
}
