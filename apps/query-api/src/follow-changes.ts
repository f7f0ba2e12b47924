import type { Cache, CacheKeys } from '@runnel/cache'
import type { Notices } from '@runnel/messaging'
import type { ProductChanges } from './changes/product-changes.ts'
import { createRareWarning, type Logger } from '@runnel/observability'
import { parseChangeNotice } from './parse-change-notice.ts'

export interface FollowOptions {
  readonly log: Logger
  readonly notices: Notices
  readonly subject: string
  readonly cache: Cache
  readonly keys: CacheKeys
  /** Pages that show products. */
  readonly changes: Pick<ProductChanges, 'add'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Lists change with every product. The first change acts on them at once, further ones together after this time:
 * otherwise, during a stream of writes, every request would load its list again.
 */
const LISTS_EVERY_MS = 250

/** Acts on change notices until the returned function is called. */
export function followChanges({
  log,
  notices,
  subject,
  cache,
  keys,
  changes,
  now,
}: FollowOptions): () => void {
  const warnOfNotice = createRareWarning<{ subject: string; bytes: number }>((fields) =>
    log.warn(fields, 'a change notice is malformed'),
  )
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
    const notice = parseChangeNotice(payload, now())
    if (!notice) return warnOfNotice({ subject, bytes: payload.length })
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
