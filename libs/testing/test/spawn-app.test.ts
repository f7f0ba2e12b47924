import { expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually, spawnApp } from '../src/index.ts'

/** The one app that needs none of the services to start. */
const APP = 'producer-sim'

test('an app runs as a process, answers, and drains on SIGTERM', async () => {
  await using app = await spawnApp(APP, { LOG_LEVEL: 'info' })
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  expect(app.pid).toBeGreaterThan(0)
  expect(await app.stop()).toEqual({ code: 0, signal: null })
  expect(app.logs()).toContain('listening')
})

test('a killed app is gone at once', async () => {
  await using app = await spawnApp(APP)
  await app.kill('SIGKILL')
  expect(await app.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow()
})

test('an app that cannot start is an error with its log', async () => {
  await expect(spawnApp(APP, { PORT: '70000' })).rejects.toThrow(
    /producer-sim\S* ended with code 1\n(.*\n)*.*PORT="70000"/,
  )
})

test('an app does not outlive the process that started it, even one that is killed', async () => {
  const library = join(import.meta.dirname, '../src/index.ts')
  const program = `import { spawnApp } from ${JSON.stringify(library)}
    console.log((await spawnApp('${APP}')).url)
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [text] = (await once(parent.stdout, 'data')) as [Buffer]
    const route = `${String(text).trim()}/healthz`
    expect((await fetch(route)).status).toBe(200)
    parent.kill('SIGKILL')
    await eventually(() => {
      const asked = fetch(route, { signal: AbortSignal.timeout(1000) })
      return asked.then(() => false).catch(() => true)
    })
  } finally {
    parent.kill('SIGKILL')
  }
})
