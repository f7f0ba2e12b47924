import type { Kind } from '@runnel/contracts'
import { basename } from 'node:path'
import { CommandError } from '../command-error.ts'
import { describeAnswer, type Answer } from '../http/parse-answer.ts'
import type { IngestClient } from '../http/ingest-client.ts'
import { DeliveryError } from '../replay/delivery-error.ts'
import type { createPacer } from '../replay/pacer.ts'
import { replayFile, type ReplayCounts } from '../replay/replay-file.ts'
import type { ReplayState } from '../replay/replay-state.ts'
import type { Source } from '../sources/open-source.ts'
import type { CliContext } from './cli-context.ts'
import { formatCount, formatSeconds } from './format.ts'
import { createProgress, type Progress } from './progress.ts'

export interface ReplayCommandOptions {
  readonly url?: string
  readonly batch: number
  readonly concurrency: number
  readonly rate?: number
  readonly kind?: Kind
  readonly state: string
  readonly fromScratch: boolean
  readonly salt?: string
  readonly timeout: number
  readonly giveUpAfter: number
}

/** What all files of one replay share. */
export interface ReplayRun {
  readonly client: IngestClient
  readonly state: ReplayState
  readonly pace: ReturnType<typeof createPacer>
}

/** `rejected`: it went through, and some entries were not taken. `failed`: it did not get to the end. */
export type ReplayOutcome = 'accepted' | 'rejected' | 'failed' | 'interrupted'

const SAVE_EVERY_MS = 500
const SHOWN_REJECTIONS = 20

/** Replays one file, reports the result, and saves the position when it did not get to the end. */
export async function replayOne(
  source: Source,
  run: ReplayRun,
  options: ReplayCommandOptions,
  context: CliContext,
): Promise<ReplayOutcome> {
  const name = basename(source.file.path)
  const key = `${options.url} ${source.kind} ${name} ${source.file.identity}`
  const skip = options.fromScratch ? 0 : run.state.confirmed(key)
  if (skip > 0) context.out.write(`${name}: continuing after ${formatCount(skip)} confirmed entries\n`)
  const counts: ReplayCounts = { entries: 0, accepted: 0, rejected: 0, rejections: [] }
  const progress = createProgress(
    context.err,
    name,
    source.kind === 'products' ? 'products' : 'lines',
    source.file.lines,
  )
  const tracker = track(source, skip, counts, progress, (confirmed) => run.state.save(key, confirmed))
  const startedMs = performance.now()
  let outcome: ReplayOutcome = 'accepted'
  let reason = ''
  try {
    const retry = { giveUpAfterMs: options.giveUpAfter, onRetry: tracker.onRetry }
    const { batch: batchSize, concurrency } = options
    const { onProgress } = tracker
    await replayFile(
      source,
      { ...run, batchSize, concurrency, retry, skip, onProgress },
      counts,
      context.signal,
    )
    await run.state.save(key, undefined)
    if (counts.rejected > 0) outcome = 'rejected'
  } catch (error) {
    await run.state.save(key, tracker.confirmed())
    if (context.signal.aborted) outcome = 'interrupted'
    else if (error instanceof DeliveryError || error instanceof CommandError) {
      outcome = 'failed'
      reason = error.message
    } else throw error
  } finally {
    progress.stop()
  }
  describe(context, name, source.kind, counts, performance.now() - startedMs)
  if (outcome === 'failed') context.err.write(`error: ${name}: ${reason}\n`)
  if (outcome === 'failed' || outcome === 'interrupted') {
    context.err.write(`${name}: stopped early; run the same command again to continue\n`)
  }
  return outcome
}

/** Follows a replay: draws it, and saves now and then how far it is. */
function track(
  { file }: Source,
  skip: number,
  counts: ReplayCounts,
  progress: Progress,
  save: (confirmed: number) => Promise<void>,
) {
  let confirmed = skip
  let savedMs = performance.now()
  return {
    confirmed: () => confirmed,
    onRetry: (answer: Answer, waitMs: number) => {
      const note = `${describeAnswer(answer)}, next try in ${formatSeconds(waitMs)}`
      progress.update(skip + counts.entries, file.lines, note)
    },
    onProgress: async (position: number, done: number) => {
      confirmed = position
      progress.update(skip + done, file.lines)
      if (performance.now() - savedMs < SAVE_EVERY_MS) return
      savedMs = performance.now()
      await save(confirmed)
    },
  }
}

function describe({ out }: CliContext, name: string, kind: string, counts: ReplayCounts, ms: number): void {
  const { accepted, rejected, rejections } = counts
  const rate = formatCount(accepted / Math.max(0.001, ms / 1000))
  out.write(`${name}: ${formatCount(accepted)} ${kind} accepted, ${formatCount(rejected)} rejected`)
  out.write(` in ${formatSeconds(ms)} (${rate}/s)\n`)
  const unit = kind === 'products' ? 'item' : 'line'
  for (const { position, code, message } of rejections.slice(0, SHOWN_REJECTIONS)) {
    out.write(`  ${unit} ${position}: ${code}: ${message}\n`)
  }
  if (rejected > SHOWN_REJECTIONS) out.write(`  ... and ${formatCount(rejected - SHOWN_REJECTIONS)} more\n`)
}
