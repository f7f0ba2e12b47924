import type { ManagedProcess } from '@runnel/testing'
import { openApp } from '../open-app.ts'
import type { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres, openRedis } from '../stores.ts'
import { MailingStore } from './mailing-store.ts'

export interface MailingBench {
  readonly dispatcher: ManagedProcess
  readonly store: MailingStore
}

/** A dispatcher over stores of this row alone. @param gateway settings of the gateway that it sends through */
export async function openDispatcher(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
  gateway: Readonly<Record<string, string>> = {},
): Promise<MailingBench> {
  const [nats, postgres, redis] = await Promise.all([
    openNats(stack, costs),
    openPostgres(stack, costs),
    openRedis(stack, costs),
  ])
  const urls = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const dispatcher = await openApp(stack, costs, 'message-dispatcher', { ...urls, ...gateway })
  return { dispatcher, store: await MailingStore.open(stack, postgres.url) }
}
