import { expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const WATCHDOG = join(import.meta.dirname, '../src/watchdog.ts')

function run(work: string, limitMs = 1500): Promise<{ signal: string | null; stderr: string }> {
  const program = `import { startWatchdog } from ${JSON.stringify(WATCHDOG)}; const dog = startWatchdog(${limitMs}, '/'); ${work}`
  const options = {
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 30_000,
    killSignal: 'SIGTERM' as const,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], options, (error, _, stderr) =>
      resolve({ signal: error?.signal ?? null, stderr }),
    )
  })
}

test('a process whose main thread loops is ended, and says so', async () => {
  const { signal, stderr } = await run('setTimeout(() => { for (;;); }, 500)')
  expect(signal).toBe('SIGKILL')
  expect(stderr).toContain('The main thread has not run for 1.5 s')
})

test('a process that works is left alone, and one that is done ends', async () => {
  const busy = 'const until = Date.now() + 700; while (Date.now() < until);'
  // Lives longer than the limit, which is far above the pauses that a loaded machine makes.
  const work = `setTimeout(() => { ${busy} }, 200); setTimeout(() => dog.close(), 7000)`
  expect(await run(work, 5000)).toEqual({ signal: null, stderr: '' })
})
