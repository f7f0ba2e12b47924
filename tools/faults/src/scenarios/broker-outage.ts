import { ensure } from '../ensure.ts'
import { runLoad, verifyLoads } from '../run-load.ts'
import { sendRequest, postLog } from '../send-request.ts'
import type { Scenario } from '../scenario.ts'
import { countStatuses, ensureAlive, repeat, timeUntil } from '../repeat-requests.ts'

const HEAL_MS = 5000

/** NATS is unreachable: ingest refuses with Retry-After, reads go on, no process exits, and all recovers unaided. */
export const brokerOutage: Scenario = async (platform, { seconds, seed, log }) => {
  const { nats, ingest, query } = platform
  const load = runLoad(platform, { name: 'broker', seconds: seconds + 10, seed, keyed: true })
  await nats.kill('SIGKILL')
  log(`NATS killed for ${seconds} s`)
  const [posts, reads] = await Promise.all([
    repeat(seconds, 100, () => postLog(ingest.url, { message: 'broker away' })),
    repeat(seconds, 250, () => sendRequest(`${query.url}/api/v1/products`)),
  ])
  log(`meanwhile: POST ${countStatuses(posts)}, GET products ${countStatuses(reads)}`)
  for (const { status, headers, body } of posts) {
    ensure(status === 202 || status === 503, `a POST answered ${status}: ${body}`)
    if (status === 202) continue
    ensure(Number(headers.get('retry-after')) >= 1, '503 came without Retry-After')
    ensure(body.includes('"code":"broker_unavailable"'), `503 without its code: ${body}`)
  }
  ensure(posts.at(-1)?.status === 503, 'the last POST of the outage was not refused')
  ensure(
    reads.every(({ status }) => status === 200),
    'a read failed',
  )
  ensureAlive(platform)
  await nats.restart()
  const tookMs = await timeUntil(
    ({ status }) => status === 202,
    () => postLog(ingest.url, { message: 'broker back' }),
    4 * HEAL_MS,
  )
  log(`healed ${tookMs} ms after NATS was back`)
  ensure(tookMs <= HEAL_MS, `healing took ${tookMs} ms`)
  const stored = await sendRequest(`${ingest.url}/log?wait=stored`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"service":"probe","message":"after"}',
  })
  ensure(stored.status === 200, `a fresh event is not stored: ${stored.status} ${stored.body}`)
  await verifyLoads(platform, [await load], log)
}
