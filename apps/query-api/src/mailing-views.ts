import { BRIEF_MS, toEntry, type Cache, type CacheKeys, type Loaded } from '@runnel/cache'
import { MESSAGE_TRANSITIONS } from '@runnel/contracts'
import type { MailingSummary } from '@runnel/contracts/api/mailing-stats'
import type { Page } from '@runnel/contracts/api/page'
import { toSizedIdPage } from '@runnel/http'
import type { OverviewOptions } from '@runnel/repositories-mailings'
import type { Answer } from './send-entry.ts'
import { encodeStatistics, toSummaryJson } from './encode-mailing.ts'
import { encodeMessage } from './encode-message.ts'
import type { Store } from './store.ts'

/** Messages and statistics, read through the cache. Bodies are null where there is nothing. */
export interface MailingViews {
  /** @throws AppError where Postgres does not answer */
  message(id: number): Promise<Answer>
  /** @throws AppError where Postgres does not answer */
  statistics(mailingId: number): Promise<Answer>
  /**
   * Mailings with their counts. Only the default page has a `view`; it is cached under it.
   *
   * @throws AppError where Postgres does not answer
   */
  overview(page: OverviewOptions, view?: string): Promise<Answer>
}

/** There are no notices of changes here: what may change soon is fresh for a second. */
export function createMailingViews(store: Store, cache: Cache, keys: CacheKeys): MailingViews {
  const loadMessage = async (id: number): Promise<Loaded> => {
    const { value, asOfMs } = await store.findMessage(id)
    if (!value) return { body: null, version: asOfMs, lifetimeMs: BRIEF_MS }
    const loaded = { body: encodeMessage(value), version: asOfMs }
    // A message that may be tried again; after that only a late confirmation by the gateway can come.
    const mayChange = MESSAGE_TRANSITIONS[value.status].includes('retry')
    return mayChange ? { ...loaded, lifetimeMs: BRIEF_MS } : loaded
  }
  const loadStatistics = async (mailingId: number): Promise<Loaded> => {
    const { value, asOfMs } = await store.readMailingStatistics(mailingId)
    return { body: value ? encodeStatistics(value) : null, version: asOfMs, lifetimeMs: BRIEF_MS }
  }
  const loadOverview = async (page: OverviewOptions): Promise<Loaded> => {
    const { value, asOfMs } = await store.listMailingOverview(page)
    const answer: Page<MailingSummary> = toSizedIdPage('mailings', value, toSummaryJson)
    return { body: Buffer.from(JSON.stringify(answer)), version: asOfMs, lifetimeMs: BRIEF_MS }
  }
  return {
    message: (id) => cache.get(keys.message(id), () => loadMessage(id)),
    statistics: (id) => cache.get(keys.mailingStatistics(id), () => loadStatistics(id)),
    async overview(page, view) {
      if (view === undefined) return { entry: toEntry(await loadOverview(page)), status: 'bypass' }
      return cache.get(keys.mailingOverview(view), () => loadOverview(page))
    },
  }
}
