import type { Contest, ContestOptions, Row } from '../contest.ts'
import { measureRequests } from '../http-contest.ts'
import { openKeyedIntake, singleMetric } from '../keys/keyed-intake.ts'
import type { Target } from '../load/load-generator.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'

export const keys: Row = {
  title: 'POST one metric with a key (Bearer)',
  ceiling: 'the same app without access control, and no key',
  unit: 'events/s',
  aim: 0.98,
  open: openKeys,
}

/** Two of ingest-api over the same stores, of which one asks for keys. The stream is emptied before each measurement. */
async function openKeys({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const costs = new ProcessCosts()
  const { stores, url, stream, keys } = await openKeyedIntake(stack, costs, [{}])
  const open = await openApp(stack, costs, 'ingest-api', stores, 'ingest-api without keys')
  const measure = (target: Target) => async () => {
    await stream.purge()
    return costs.measure(() => measureRequests(generator, target, seconds))
  }
  return {
    costs,
    ceiling: measure(singleMetric(open.url, '')),
    runnel: measure(singleMetric(url, `Bearer ${keys[0]}`)),
    also: {
      'with the key as the password of Basic': measure(
        singleMetric(url, `Basic ${btoa(`bench:${keys[0]}`)}`),
      ),
    },
  }
}
