import { ensure } from '../ensure.ts'
import { runLoad, verifyLoads } from '../run-load.ts'
import { ask, postLog } from '../send-request.ts'
import type { Scenario } from '../scenario.ts'
import { countStatuses, ensureAlive, repeat, timeUntil } from '../repeat-requests.ts'

const HEAL_MS = 5000

/** NATS is away: ingest refuses politely, reads go on, nobody exits, and all heals unaided. */
export const brokerOutage: Scenario = async (platform, { seconds, seed, say }) => {
  const { nats, ingest, query } = platform
  const load = runLoad(platform, { name: 'broker', seconds: seconds + 10, seed, keyed: true })
  await nats.kill('SIGKILL')
  say(`NATS killed for ${seconds} s`)
  const [posts, reads] = await Promise.all([
    repeat(seconds, 100, () => postLog(ingest.url, { message: 'broker away' })),
    repeat(seconds, 250, () => ask(`${query.url}/api/v1/products`)),
  ])
  say(`meanwhile: POST ${countStatuses(posts)}, GET products ${countStatuses(reads)}`)
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
  await ensureAlive(platform)
  await nats.restart()
  const tookMs = await timeUntil(
    ({ status }) => status === 202,
    () => postLog(ingest.url, { message: 'broker back' }),
    4 * HEAL_MS,
  )
  say(`healed ${tookMs} ms after NATS was back`)
  ensure(tookMs <= HEAL_MS, `healing took ${tookMs} ms`)
  const stored = await ask(`${ingest.url}/log?wait=stored`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"service":"probe","message":"after"}',
  })
  ensure(stored.status === 200, `a fresh event is not stored: ${stored.status} ${stored.body}`)
  await verifyLoads(platform, [await load], say)
}
