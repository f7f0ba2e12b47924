import fc from 'fast-check'
import { BrokenContractError } from './ensure.ts'
import { measure, measureAgain } from './longest-stretch.ts'
import type { AnyTarget, FuzzContext, Target } from './target.ts'

export interface RunOptions extends FuzzContext {
  readonly runs: number
  readonly seed: number
  /** How many of the inputs go through the target's trial as well. */
  readonly trials: number
  /** Whether the worst cases are tried. */
  readonly worst: boolean
  /** Milliseconds that nothing may hold the event loop for. */
  readonly limitMs: number
}

export interface TargetResult {
  readonly name: string
  readonly runs: number
  readonly trials: number
  /** Of all inputs, the worst cases too. */
  readonly longestMs: number
  readonly longestOf: string
  readonly problems: readonly string[]
}

/** Feeds a parser: seeded inputs, then the worst ones. */
export async function runTarget(target: AnyTarget, options: RunOptions): Promise<TargetResult> {
  const run = new TargetRun(target as unknown as Target<unknown>, options)
  await run.feed()
  if (options.worst) await run.feedWorst()
  return run.result()
}

class TargetRun {
  readonly #target: Target<unknown>
  readonly #options: RunOptions
  readonly #problems: string[] = []
  #runs = 0
  #trials = 0
  #longestMs = 0
  #longestOf = 'none'

  constructor(target: Target<unknown>, options: RunOptions) {
    this.#target = target
    this.#options = options
  }

  async feed(): Promise<void> {
    const { runs, seed, trials } = this.#options
    const every = Math.max(1, Math.floor(runs / Math.max(1, trials)))
    const property = fc.asyncProperty(this.#target.inputs, async (input) => {
      this.#runs++
      await this.#try(input, 'a seeded input', trials > 0 && this.#runs % every === 0)
    })
    const details = await fc.check(property, { seed, numRuns: runs })
    if (details.failed)
      this.#problems.push(`${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}`)
  }

  async feedWorst(): Promise<void> {
    for (const { name, input } of this.#target.worst()) {
      try {
        await this.#try(input(), name, false)
      } catch (error) {
        this.#problems.push(`${name}: ${(error as Error).stack ?? String(error)}`)
      }
    }
  }

  async #try(input: unknown, name: string, tried: boolean): Promise<void> {
    const { parse, check, trial } = this.#target
    const { outcome, stretchMs } = await measure(() => parse(input))
    const ms = stretchMs > this.#options.limitMs ? await measureAgain(() => parse(input)) : stretchMs
    if (ms > this.#longestMs) {
      this.#longestMs = ms
      this.#longestOf = name
    }
    if (ms > this.#options.limitMs)
      throw new BrokenContractError(`it holds the event loop for ${ms.toFixed(0)} ms`)
    await check(input, outcome)
    if (!tried || trial === undefined) return
    this.#trials++
    await trial(outcome, this.#options)
  }

  result(): TargetResult {
    const { name } = this.#target
    const [runs, trials, longestMs] = [this.#runs, this.#trials, this.#longestMs]
    return { name, runs, trials, longestMs, longestOf: this.#longestOf, problems: this.#problems }
  }
}
