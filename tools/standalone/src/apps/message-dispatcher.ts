import { createMessageDispatcher } from '@runnel/message-dispatcher'
import { createMetrics } from '@runnel/observability'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

export async function startMessageDispatcher(parts: Parts): Promise<void> {
  const app = 'message-dispatcher'
  const { cleanup, createLog } = parts
  const http = await createMessageDispatcher({
    log: createLog(app),
    metrics: createMetrics(app),
    signal: cleanup.signal,
  })
  await listen(parts, app, http, 'MESSAGE_DISPATCHER_PORT')
}
