import { integer, loadOrComplain, readSettings, runService, text } from '../src/index.ts'

/** A service that goes wrong as its environment says; for run-service.test.ts, which runs it as a process. */
const config = loadOrComplain(() =>
  readSettings(
    {
      FAULT: text('none', 'What goes wrong'),
      SHUTDOWN_MS: integer(10_000, 'Milliseconds to drain', { min: 1 }),
      LIMIT: integer(1, 'How many', { max: 5 }),
    },
    process.env,
  ),
)

const say = (word: string): void => void process.stdout.write(`${word}\n`)
const log = {
  info: (_: object, message: string) => say(`info ${message}`),
  error: (_: object, message: string) => say(`error ${message}`),
  fatal: (_: object, message: string) => say(`fatal ${message}`),
}
const forever = () => new Promise<never>(() => setInterval(() => undefined, 1000))

if (config) {
  const { FAULT, SHUTDOWN_MS } = config
  await runService({ log, shutdownMs: SHUTDOWN_MS }, async (cleanup) => {
    cleanup.defer(() => say('close first'))
    cleanup.defer(() => {
      if (FAULT === 'close') throw new Error('cannot close')
      if (FAULT === 'hang') return forever()
      if (FAULT === 'crash-in-drain') void Promise.reject(new Error('late'))
      return new Promise((resolve) => setTimeout(resolve, 20))
    })
    cleanup.defer(() => say('close last'))
    if (FAULT === 'start') throw new Error('cannot start')
    if (FAULT === 'slow-start') {
      say('starting')
      void forever()
      await new Promise((_, reject) =>
        cleanup.signal.addEventListener('abort', () => reject(new Error('aborted'))),
      )
    }
    if (FAULT === 'rejection') void Promise.reject(new Error('nobody cares'))
    if (FAULT === 'exception') setImmediate(() => JSON.parse('{'))
    void forever()
    say('started')
  })
}
