import { Command, Option } from 'commander'
import { randomBytes } from 'node:crypto'
import { createIngestClient } from '../http/ingest-client.ts'
import { openLedger } from '../ledger/open-ledger.ts'
import { parseKindMix, type KindMix } from '../load/kind-mix.ts'
import { createLoadStats, type LoadStats } from '../load/load-stats.ts'
import type { OpenLoopCounts } from '../load/open-loop.ts'
import { runLoad, type LoadOptions } from '../load/run-load.ts'
import { INTERRUPTED, type CliContext } from './cli-context.ts'
import { createKeySign, readIngestUrl, URL_HELP } from './ingest-url.ts'
import { formatCount } from './format.ts'
import { describeLoad, summariseLoad } from './load-report.ts'
import { httpUrl, kindMix, positiveNumber, runName, secondsOption, wholeNumber } from './option-parsers.ts'
import { createProgress } from './progress.ts'

interface LoadCommandOptions {
  readonly url?: string
  readonly rate: number
  readonly duration: number
  readonly kinds: KindMix
  readonly batch: number
  readonly seed: number
  readonly run?: string
  readonly keyed: boolean
  readonly wait?: 'stored'
  readonly ledger?: string
  readonly connections: number
  readonly maxOutstanding: number
  readonly timeout: number
  readonly giveUpAfter: number
  readonly json: boolean
}

const ALL_KINDS = 'metrics,logs,products,traces'

const HELP = `
Requests leave at fixed times, however slow the answers are; latencies count from those times.
Requests that find too many unanswered are dropped and counted. The ledger gets a line after each
2xx, so that verify can prove what became of it. Without --keyed nothing is sent twice: what was
not acknowledged may or may not be stored.
Exit code: 0, or 1 when something was rejected or nothing acknowledged, 2 wrong usage.`

/** After Ctrl-C, requests that are under way may take this long. */
const GRACE_MS = 5000
const REDRAW_MS = 200

export function createLoadCommand(context: CliContext): Command {
  return new Command('load')
    .description('produce load at a fixed rate')
    .option('--url <url>', URL_HELP, httpUrl)
    .option('--rate <n>', 'events per second', positiveNumber, 100)
    .addOption(secondsOption('--duration <s>', 'seconds', 10_000))
    .addOption(
      new Option('--kinds <mix>', 'kinds with weights, like metrics=3,logs')
        .argParser(kindMix)
        .default(parseKindMix(ALL_KINDS), ALL_KINDS),
    )
    .option('--batch <n>', 'events per request', wholeNumber(1, 10_000), 1)
    .option('--seed <n>', 'the same seed makes the same payloads', wholeNumber(0), 1)
    .option('--run <name>', 'name of the run, part of every payload (default: random)', runName)
    .option('--keyed', 'send idempotency keys, and try again until accepted', false)
    .addOption(new Option('--wait <what>', 'wait until events are stored').choices(['stored']))
    .option('--ledger <file>', 'append what was acknowledged to this file')
    .option('--connections <n>', 'TCP connections', wholeNumber(1, 1024), 64)
    .option('--max-outstanding <n>', 'unanswered requests', wholeNumber(1, 100_000), 512)
    .addOption(secondsOption('--timeout <s>', 'seconds a request may take', 10_000))
    .addOption(secondsOption('--give-up-after <s>', 'seconds to keep trying with --keyed', 60_000))
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', HELP)
    .action((options: LoadCommandOptions) => load(options, context))
}

async function load(options: LoadCommandOptions, context: CliContext): Promise<void> {
  const run = options.run ?? `${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`
  const stats = createLoadStats()
  const arrivals: OpenLoopCounts = { scheduled: 0, dropped: 0 }
  const abort = new AbortController()
  const onStop = () => void setTimeout(() => abort.abort(), GRACE_MS).unref()
  context.signal.addEventListener('abort', onStop, { once: true })
  const client = createIngestClient({
    url: options.url ?? readIngestUrl(context),
    sign: createKeySign(context),
    connections: options.connections,
    timeoutMs: options.timeout,
    waitStored: options.wait === 'stored',
  })
  const ledger = options.ledger === undefined ? undefined : await openLedger(options.ledger)
  const loadOptions: LoadOptions = {
    client,
    ledger,
    payload: { run, seed: options.seed, keyed: options.keyed },
    mix: options.kinds,
    batchSize: options.batch,
    arrivals: {
      perSecond: options.rate / options.batch,
      durationMs: options.duration,
      maxOutstanding: options.maxOutstanding,
    },
    giveUpAfterMs: options.giveUpAfter,
  }
  const startedMs = performance.now()
  const endDrawing = draw(options, context, stats, arrivals)
  try {
    await runLoad(loadOptions, stats, arrivals, context.signal, abort.signal)
  } finally {
    endDrawing()
    await ledger?.close()
    await client.close()
  }
  const summary = summariseLoad(run, options, stats, arrivals, performance.now() - startedMs)
  context.out.write(options.json ? `${JSON.stringify(summary)}\n` : describeLoad(summary))
  if (stats.rejected > 0 || stats.acknowledged === 0) context.exitWith(1)
  if (context.signal.aborted) context.exitWith(INTERRUPTED)
}

function draw(
  { rate, duration, batch }: LoadCommandOptions,
  context: CliContext,
  stats: LoadStats,
  arrivals: OpenLoopCounts,
): () => void {
  const total = Math.round((rate * duration) / 1000)
  const progress = createProgress(context.err, 'load', 'events', total)
  const timer = setInterval(() => {
    const p99 = (stats.latency.getValueAtPercentile(99) / 1000).toFixed(1)
    const dropped = arrivals.dropped > 0 ? `, ${formatCount(arrivals.dropped * batch)} dropped` : ''
    const note = `${formatCount(stats.acknowledged)} acknowledged, p99 ${p99} ms${dropped}`
    progress.update(arrivals.scheduled * batch, total, note)
  }, REDRAW_MS)
  return () => {
    clearInterval(timer)
    progress.stop()
  }
}
