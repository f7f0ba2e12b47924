import { pause } from '@runnel/runtime'
import { describeNoAnswer } from './judge-answer.ts'
import type { Clients } from './deliver.ts'

const PATHS = [
  ...['/api/v1/products/7001', '/api/v1/products?limit=5', '/api/v1/logs?limit=5', '/products'],
  ...['/api/v1/metrics/names', '/api/v1/mailings/stats'],
]
const PAUSE_MS = 150
const TIMEOUT_MS = 5000
/** The product may not be there yet; a store that is unreachable is answered with 503. */
const GOOD: ReadonlySet<number> = new Set([200, 404, 429, 503])

/** Reads all the time. @returns how often each status was answered, or why none was; one that no client should get is noted as a wrong answer */
export async function runReads(
  { wrongAnswers }: Pick<Clients, 'wrongAnswers'>,
  url: string,
  stop: AbortSignal,
): Promise<Record<string, number>> {
  const answers: Record<string, number> = {}
  for (let turn = 0; !stop.aborted; turn++) {
    const path = PATHS[turn % PATHS.length]!
    const answer = await read(url + path).catch((error: unknown) => describeNoAnswer(error).what)
    answers[answer] = (answers[answer] ?? 0) + 1
    if (typeof answer === 'number' && !GOOD.has(answer)) wrongAnswers.push(`GET ${path} answered ${answer}`)
    await pause(PAUSE_MS, stop)
  }
  return answers
}

async function read(url: string): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  await response.body?.cancel()
  return response.status
}
