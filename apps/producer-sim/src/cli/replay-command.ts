import { Command } from 'commander'
import { createIngestClient } from '../http/ingest-client.ts'
import { createPacer } from '../replay/pacer.ts'
import { openReplayState } from '../replay/replay-state.ts'
import { openSource } from '../sources/open-source.ts'
import { INTERRUPTED, type CliContext } from './cli-context.ts'
import { createKeySign, readIngestUrl, URL_HELP } from './ingest-url.ts'
import { httpUrl, kind, positiveNumber, secondsOption, wholeNumber } from './option-parsers.ts'
import { replayOne, type ReplayCommandOptions } from './replay-one.ts'

const HELP = `
Files: .log (each line a log event), .csv (timestamp,value: metrics that are named after the file),
.json (an array of products). Every event carries a key made of the file's name and content and its
line, so that replaying a file again within 48 hours stores nothing twice.

An interrupted replay continues where it stopped when the same command is run again.
Exit code: 0 all accepted, 1 something was rejected or failed, 2 wrong usage.`

export function createReplayCommand(context: CliContext): Command {
  return new Command('replay')
    .description('send files to ingest-api')
    .argument('<file...>')
    .option('--url <url>', URL_HELP, httpUrl)
    .option('--batch <n>', 'events per request', wholeNumber(1, 10_000), 100)
    .option('--concurrency <n>', 'requests under way at once', wholeNumber(1, 256), 4)
    .option('--rate <n>', 'events per second (default: as fast as it goes)', positiveNumber)
    .option(
      '--kind <kind>',
      'what the files hold: logs, metrics, products, traces (default: by extension)',
      kind,
    )
    .option('--state <file>', 'where unfinished replays are remembered', '.runnel-replay.json')
    .option('--from-scratch', 'do not continue an unfinished replay', false)
    .option('--salt <text>', 'use other keys: replay on purpose as new events')
    .addOption(secondsOption('--timeout <s>', 'seconds a request may take', 30_000))
    .addOption(
      secondsOption(
        '--give-up-after <s>',
        'seconds to keep trying while the server is busy or away',
        300_000,
      ),
    )
    .addHelpText('after', HELP)
    .action((files: string[], options: ReplayCommandOptions) => replay(files, options, context))
}

async function replay(files: string[], options: ReplayCommandOptions, context: CliContext): Promise<void> {
  // All of them first: a wrong name is reported before anything is sent.
  const sources = []
  for (const file of files) sources.push(await openSource(file, options))
  const client = createIngestClient({
    url: options.url ?? readIngestUrl(context),
    sign: createKeySign(context),
    connections: options.concurrency,
    timeoutMs: options.timeout,
  })
  const run = { client, state: await openReplayState(options.state), pace: createPacer(options.rate) }
  try {
    for (const source of sources) {
      const outcome = await replayOne(source, run, options, context)
      if (outcome !== 'accepted') context.exitWith(outcome === 'interrupted' ? INTERRUPTED : 1)
      if (outcome === 'interrupted' || outcome === 'failed') return
    }
  } finally {
    await client.close()
  }
}
