import { ensure } from '../ensure.ts'
import { runLoad, verifyLoads } from '../run-load.ts'
import { sendRequest } from '../send-request.ts'
import type { Scenario } from '../scenario.ts'
import { countStatuses, ensureAlive, repeat } from '../repeat-requests.ts'

/** Redis is away: slower perhaps, and not a single error. */
export const redisOutage: Scenario = async (platform, { seconds, seed, log }) => {
  const { redis, ingest, query } = platform
  for (const id of [1, 2, 3]) {
    await sendRequest(`${ingest.url}/api/v1/products?wait=stored`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, name: `product ${id}`, price: id }),
    })
  }
  const load = runLoad(platform, { name: 'redis', seconds, seed, keyed: false })
  await redis.kill('SIGKILL')
  log(`Redis killed for ${seconds} s`)
  const paths = ['/api/v1/products/1', '/api/v1/products/2', '/products', '/', '/product?id=3', '/readyz']
  const reads = (
    await Promise.all(paths.map((path) => repeat(seconds, 50, () => sendRequest(query.url + path))))
  ).flat()
  log(`meanwhile: reads ${countStatuses(reads)}`)
  ensure(
    reads.every(({ status }) => status === 200),
    'a read failed',
  )
  ensureAlive(platform)
  await redis.restart()
  const { report, ...rest } = await load
  ensure(
    Object.keys(report.answers).every((answer) => answer === '202'),
    'ingest noticed that Redis was away',
  )
  await verifyLoads(platform, [{ report, ...rest }], log)
}
