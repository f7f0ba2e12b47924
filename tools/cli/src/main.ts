import { EXIT, type ExitCode } from './exit-codes.ts'
import { runCli } from './run-cli.ts'

const args = process.argv.slice(2)
// A key that was given as an option is in no list of processes from here on.
process.title = ['runnel', ...args.slice(0, 1).filter((name) => /^[a-z]+$/.test(name))].join(' ')

const ending = new AbortController()
let endedBy: ExitCode | undefined
const onSignal = (name: NodeJS.Signals): void => {
  endedBy ??= name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated
  ending.abort(new Error(name))
}
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
// Once: the second one ends the process at once.
for (const name of SIGNALS) process.once(name, onSignal)
/** `runnel tail | head`: whoever read the results has what it wanted. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    endedBy ??= EXIT.ok
    ending.abort(error)
  })

const exitCode = await runCli(args, {
  env: process.env,
  // Not opened before a command reads it.
  get input() {
    return process.stdin
  },
  out: process.stdout,
  err: process.stderr,
  signal: ending.signal,
  nowMs: Date.now,
  releaseSignals: () => {
    for (const name of SIGNALS) process.removeListener(name, onSignal)
  },
})
process.exitCode = endedBy ?? exitCode
