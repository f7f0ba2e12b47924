import { setTimeout as sleep } from 'node:timers/promises'
import { createPlans, type Plan } from '../mailings/create-plans.ts'
import { createMailing } from '../mailings/dispatcher-client.ts'

const WAVE_SECONDS = 60
/** What the plans of a wave add to its length; the last wave ends with the run. */
const GRACE_SECONDS = 15
const RETRY_MS = 500

export interface WaveOptions {
  /** Of the dispatchers; every attempt goes to the next one. */
  readonly urls: readonly string[]
  readonly seconds: number
  /** Stands in the keys. */
  readonly run: string
  /** Aborted when creating is not worth it any more. */
  readonly ended: AbortSignal
}

/**
 * Several mailings at once, and new ones all the time, each created under a key until that is confirmed.
 *
 * @returns them by their ids; resolves with the last wave's creation
 */
export async function runWaves({ urls, seconds, run, ended }: WaveOptions): Promise<Map<number, Plan>> {
  const plans = new Map<number, Plan>()
  const beganMs = Date.now()
  const waves = Math.max(1, Math.floor(seconds / WAVE_SECONDS))
  const lengthSeconds = seconds / waves
  for (let wave = 0; wave < waves; wave++) {
    await sleep(Math.max(0, beganMs + wave * lengthSeconds * 1000 - Date.now()), undefined, { signal: ended })
    for (const plan of createPlans(Date.now(), Math.max(10, lengthSeconds - GRACE_SECONDS))) {
      const id = await create(urls, plan, `${run}.${wave}.${plan.name}`, ended)
      if (id !== undefined) plans.set(id, plan)
    }
  }
  return plans
}

async function create(
  urls: readonly string[],
  plan: Plan,
  key: string,
  ended: AbortSignal,
): Promise<number | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await createMailing(urls[attempt % urls.length]!, plan, key)
    } catch (error) {
      // Everything was away until after its end.
      if (String(error).includes('answered 4') && Date.now() >= plan.endMs) return undefined
      if (ended.aborted) throw error
      await sleep(RETRY_MS)
    }
  }
}
