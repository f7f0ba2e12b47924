import { spawnStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { runLoad, waitUntilUnderWay, verifyLoads, type LoadTarget } from '../run-load.ts'
import type { ScenarioOptions } from '../scenario.ts'

/** The default of 60 s makes 20 kills; each of them gets more time, for it starts anew in between. */
const SECONDS_OF_A_KILL = 3
const LOAD_SECONDS_OF_A_KILL = 5

/** The load has to last while it starts anew, and goes on for as long: on a slow machine a start takes many seconds. */
const STARTS_OF_A_KILL = 2

/** All apps as one process, on a folder: killed again and again under load, and started anew. It needs no server. */
export async function standalone({ seconds, seed, log }: ScenarioOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-faults-'))
  const data = join(folder, 'data')
  const spawnedAt = Date.now()
  const current = await spawnStandalone(data)
  const startSeconds = (Date.now() - spawnedAt) / 1000
  // Nothing is on its way once the process has stopped.
  const store = ['--data-dir', data, '--settle', '0']
  const target: LoadTarget = { ingest: { url: current.ingest }, store, folder }
  const random = xorshift128plus(seed)
  const kills = Math.max(1, Math.floor(seconds / SECONDS_OF_A_KILL))
  const loadSeconds = kills * Math.max(LOAD_SECONDS_OF_A_KILL, Math.ceil(startSeconds * STARTS_OF_A_KILL))
  const gapMs = (loadSeconds * 1000) / (kills + 1)
  try {
    const loads = Promise.all([
      runLoad(target, { name: 'keyed', seconds: loadSeconds, seed, keyed: true }),
      runLoad(target, { name: 'unkeyed', seconds: loadSeconds, seed: seed + 1, keyed: false }),
    ])
    await waitUntilUnderWay(target, ['keyed', 'unkeyed'])
    const begun = Date.now()
    let underLoad = 0
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(
        Math.max(0, begun + kill * gapMs - Date.now()) + uniformInt(random, 0, Math.floor(gapMs / 3)),
      )
      if (Date.now() - begun < loadSeconds * 1000) underLoad++
      await current.kill('SIGKILL')
      const killedAt = Date.now()
      await current.restart()
      const into = ((killedAt - begun) / 1000).toFixed(1)
      log(`SIGKILL ${kill} of ${kills}, ${into} s into the load; back after ${Date.now() - killedAt} ms`)
    }
    log(`${underLoad} of ${kills} came while the load lasted`)
    const done = await loads
    ensure(
      done[0].report.retries > 0,
      'no keyed request was ever tried again, so that nothing is proved of retries',
    )
    const exit = await current.stop()
    ensure(exit.code === 0, `it ended with ${exit.signal ?? exit.code} after SIGTERM:\n${current.logs()}`)
    await verifyLoads(target, done, log)
  } finally {
    await current.kill('SIGKILL')
    await current.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
