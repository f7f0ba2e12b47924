import { integer, loadOrComplain, readSettings, runService, text } from '../src/index.ts'

/** A service that goes wrong as its environment says; for run-service.test.ts, which runs it as a process. */
const config = loadOrComplain(() =>
  readSettings(
    {
      fault: text('FAULT', 'none', 'What goes wrong'),
      shutdownMs: integer('SHUTDOWN_MS', 10_000, 'Milliseconds to drain', { min: 1 }),
      limit: integer('LIMIT', 1, 'How many', { max: 5 }),
    },
    process.env,
  ),
)

const say = (word: string): void => void process.stdout.write(`${word}\n`)
const log = {
  info: (_: object, message: string) => say(`info ${message}`),
  warn: (_: object, message: string) => say(`warn ${message}`),
  error: (_: object, message: string) => say(`error ${message}`),
  fatal: (_: object, message: string) => say(`fatal ${message}`),
}
const forever = () => new Promise<never>(() => setInterval(() => undefined, 1000))

if (config) {
  const { fault, shutdownMs } = config
  await runService({ log, shutdownMs }, async (cleanup) => {
    cleanup.defer(() => say('close first'))
    cleanup.defer(() => {
      if (fault === 'close') throw new Error('cannot close')
      if (fault === 'hang') return forever()
      if (fault === 'wait')
        return new Promise((resolve) => cleanup.lastCall.addEventListener('abort', () => resolve()))
      if (fault === 'crash-in-drain') void Promise.reject(new Error('late'))
      return new Promise((resolve) => setTimeout(resolve, 20))
    })
    cleanup.defer(() => say('close last'))
    if (fault === 'start') throw new Error('cannot start')
    if (fault === 'slow-start') {
      say('starting')
      void forever()
      await new Promise((_, reject) =>
        cleanup.signal.addEventListener('abort', () => reject(new Error('aborted'))),
      )
    }
    if (fault === 'rejection') void Promise.reject(new Error('unhandled'))
    if (fault === 'exception') setImmediate(() => JSON.parse('{'))
    void forever()
    say('started')
  })
}
