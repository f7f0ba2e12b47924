import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { runLoad, verifyLoads } from '../run-load.ts'
import type { Scenario } from '../scenario.ts'

const KILLS = 10

/** Under load, consumer and ingest-api are killed ten times at random moments. */
export const killApps: Scenario = async (platform, { seconds, seed, log }) => {
  const random = xorshift128plus(seed)
  const loads = Promise.all([
    runLoad(platform, { name: 'keyed', seconds, seed, keyed: true }),
    runLoad(platform, { name: 'unkeyed', seconds, seed: seed + 1, keyed: false }),
  ])
  const gapMs = (seconds * 1000) / (KILLS + 1)
  const begun = Date.now()
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(Math.max(0, begun + kill * gapMs - Date.now()) + uniformInt(random, 0, Math.floor(gapMs / 3)))
    const victim = uniformInt(random, 0, 1) === 0 ? platform.consumer : platform.ingest
    await victim.kill('SIGKILL')
    await victim.restart()
    log(
      `SIGKILL ${kill} of ${KILLS}: ${victim.name}, ${((Date.now() - begun) / 1000).toFixed(1)} s into the load`,
    )
  }
  const done = await loads
  ensure(
    done[0].report.retries > 0,
    'no keyed request was ever tried again, so that nothing is proved of retries',
  )
  await verifyLoads(platform, done, log)
}
