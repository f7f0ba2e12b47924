import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from './ensure.ts'
import type { Platform } from './start-platform.ts'
import type { HttpAnswer } from './send-request.ts'

/** Sends one request after the other for a while. @returns all answers */
export async function repeat(
  seconds: number,
  pauseMs: number,
  request: () => Promise<HttpAnswer>,
): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = []
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    answers.push(await request())
    await sleep(pauseMs)
  }
  return answers
}

/** How many answers there were of each status, for people. */
export function countStatuses(answers: readonly HttpAnswer[]): string {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return JSON.stringify(counts)
}

/** @throws BrokenPromiseError when a process has gone */
export function ensureAlive({ apps }: Platform): void {
  for (const app of apps) {
    ensure(app.pid !== undefined, `${app.name} has exited:\n${app.logs().slice(-4000)}`)
  }
}

/** Asks until the answer is good. @returns milliseconds that it took */
export async function timeUntil(
  good: (answer: HttpAnswer) => boolean,
  request: () => Promise<HttpAnswer>,
  limitMs: number,
): Promise<number> {
  const start = Date.now()
  while (Date.now() - start < limitMs) {
    if (good(await request())) return Date.now() - start
    await sleep(50)
  }
  return Infinity
}
