import { parseExposition } from '@runnel/observability'
import { eventually } from '@runnel/testing'
import { ensure } from '../ensure.ts'
import { runLoad, verifyLoads } from '../run-load.ts'
import { sendRequest, postLog } from '../send-request.ts'
import type { Scenario } from '../scenario.ts'
import { countStatuses, ensureAlive, repeat } from '../repeat-requests.ts'

/** PostgreSQL is away: ingest goes on, cached reads go on and say that they are stale, the backlog drains later. */
export const databaseOutage: Scenario = async (platform, { seconds, seed, log }) => {
  const { postgres, ingest, query } = platform
  const product = `${query.url}/api/v1/products/77`
  await sendRequest(`${ingest.url}/api/v1/products?wait=stored`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"id":77,"name":"cached","price":1}',
  })
  await eventually(async () => (await sendRequest(product)).status === 200)
  const load = runLoad(platform, { name: 'database', seconds, seed, keyed: false })
  await postgres.kill('SIGKILL')
  log(`PostgreSQL killed for ${seconds} s`)
  const [posts, reads] = await Promise.all([
    repeat(seconds, 100, () => postLog(ingest.url, { message: 'database away' })),
    repeat(seconds, 250, () => sendRequest(product)),
  ])
  log(`meanwhile: POST ${countStatuses(posts)}, GET of a cached product ${countStatuses(reads)}`)
  ensure(
    posts.every(({ status }) => status === 202),
    'a POST was refused',
  )
  ensure(
    reads.every(({ status }) => status === 200),
    'a cached read failed',
  )
  const uncached = await sendRequest(`${query.url}/api/v1/logs`)
  ensure(uncached.status === 503, `an uncached read answered ${uncached.status}`)
  ensure(Number(uncached.headers.get('retry-after')) >= 1, '503 came without Retry-After')
  if (seconds > 20) {
    const marks = reads.slice(-10).map(({ headers }) => headers.get('cache-status') ?? '')
    log(`last Cache-Status: ${marks.at(-1)}`)
    ensure(
      marks.every((mark) => mark.includes('stale')),
      'cached reads are not marked stale',
    )
  }
  ensureAlive(platform)
  await postgres.restart()
  await verifyLoads(platform, [await load], log)
  const metrics = await sendRequest(`${platform.consumer.url}/metrics`)
  const backlog = parseExposition(metrics.body, new Set(['runnel_broker_stream_messages']))
  const ofLogs = backlog.find(({ labels }) => labels['kind'] === 'logs')?.value
  log(`backlog of logs after draining: ${ofLogs} messages`)
}
