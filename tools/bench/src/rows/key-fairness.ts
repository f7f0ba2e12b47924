import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { measureRequests } from '../http-contest.ts'
import { openKeyedIntake, singleMetric } from '../keys/keyed-intake.ts'
import type { LoadResult } from '../load/load-generator.ts'
import { ProcessCosts } from '../process-costs.ts'

/** Requests a second. */
const WITHIN = { quota: 2000, sent: 1000 }
const BEYOND = { quota: 500, sent: 5000 }

/** As long as that of ingest-api. */
const REFUSAL = JSON.stringify({ detail: 'x'.repeat(150) })

export const keyFairness: Row = {
  title: 'POST one metric with a key, beside a key at ten times its quota',
  ceiling: 'the same key alone',
  unit: 'events/s',
  p99Aim: { timesCeiling: 1.2 },
  open: openKeyFairness,
}

/** Both send at a rate of their own, whatever is answered. */
async function openKeyFairness({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const quotas = [{ requests: WITHIN.quota }, { requests: BEYOND.quota }]
  const { url, stream, keys } = await openKeyedIntake(stack, costs, quotas)
  const bareUrl = await spawnCeiling(stack, costs, 'bare-refusal', REFUSAL)
  const within = { ...singleMetric(url, `Bearer ${keys[0]}`), perSecond: WITHIN.sent }
  const beyond = singleMetric(url, `Bearer ${keys[1]}`)
  const flood = { ...beyond, perSecond: BEYOND.sent }
  const elsewhere = { ...flood, url: flood.url.replace(url, bareUrl) }
  const measure = (neighbour?: () => Promise<LoadResult>) => async () => {
    await stream.purge()
    return costs.measure(async () => {
      const [measured, other] = await Promise.all([
        measureRequests(generator, within, seconds),
        neighbour?.(),
      ])
      return other === undefined ? measured : { ...measured, share: shareRefused(other, seconds) }
    })
  }
  return {
    costs,
    ceiling: measure(),
    runnel: measure(() => generator.run(flood, seconds)),
    also: {
      // What the flood costs the machine, and nothing of it the app: the generator and the kernel are on the same cores.
      'beside the same flood to a bare Fastify that refuses it': measure(() =>
        generator.run(elsewhere, seconds),
      ),
      'beside a key that sends as fast as it is refused': measure(() => generator.run(beyond, seconds)),
    },
  }
}

/** Of what a neighbour sent beyond its quota; the second that it has saved up is its own. None where it did not get beyond it. */
function shareRefused({ requests, errors }: LoadResult, seconds: number): number {
  const beyond = requests - BEYOND.quota * (seconds + 1)
  return beyond > 0 ? Math.min(1, errors / beyond) : 0
}
