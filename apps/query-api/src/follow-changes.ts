import type { Cache, CacheKeys } from '@runnel/cache'
import { isJsonObject, type ChangeNotice } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import type { ProductChanges } from './changes/product-changes.ts'
import type { Logger } from '@runnel/observability'

export interface FollowOptions {
  readonly log: Logger
  readonly notices: Notices
  readonly subject: string
  readonly cache: Cache
  readonly keys: CacheKeys
  /** Pages that show products. */
  readonly changes: Pick<ProductChanges, 'add'>
}

/**
 * Lists change with every product. The first change acts on them at once, further ones together after this time:
 * otherwise, during a stream of writes, every request would load its list again.
 */
const LISTS_EVERY_MS = 250

/** Acts on change notices until the returned function is called. */
export function followChanges({ log, notices, subject, cache, keys, changes }: FollowOptions): () => void {
  let timer: NodeJS.Timeout | undefined
  let waitingVersion: number | undefined
  const flushLists = () => {
    timer = undefined
    if (waitingVersion !== undefined) changeLists(waitingVersion)
  }
  const changeLists = (version: number) => {
    if (timer) {
      waitingVersion = Math.max(version, waitingVersion ?? 0)
      return
    }
    waitingVersion = undefined
    cache.changed([keys.productLists], version)
    timer = setTimeout(flushLists, LISTS_EVERY_MS)
  }
  const unsubscribe = notices.subscribe(subject, (payload) => {
    const notice = parseNotice(payload)
    if (!notice) return log.warn({ subject, bytes: payload.length }, 'a change notice is malformed')
    cache.changed(keys.productChange(notice.productIds), notice.version)
    changeLists(notice.version)
    changes.add(new Set(notice.productIds))
  })
  const unfollowGaps = notices.onGap(() => {
    cache.missedChanges()
    changes.add('any')
  })
  return () => {
    unsubscribe()
    unfollowGaps()
    clearTimeout(timer)
  }
}

/** @returns undefined for a malformed notice: any client of the broker may send one */
function parseNotice(payload: Uint8Array): ChangeNotice | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  const { productIds, version } = value
  if (!Array.isArray(productIds) || !productIds.every((id) => Number.isSafeInteger(id))) return undefined
  if (typeof version !== 'number' || !(version >= 0 && version <= Number.MAX_SAFE_INTEGER)) return undefined
  return { productIds: productIds as number[], version }
}
