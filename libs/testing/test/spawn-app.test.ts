import { expect, test } from '@jest/globals'
import { spawnApp } from '../src/index.ts'

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
  app.kill('SIGKILL')
  expect(await app.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow()
})

test('an app that cannot start is an error with its log', async () => {
  await expect(spawnApp(APP, { PORT: '70000' })).rejects.toThrow(
    /producer-sim\S* ended with code 1\n(.*\n)*.*PORT="70000"/,
  )
})
